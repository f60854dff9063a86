//! The table of API clients.

use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::ApiClient;
use crate::platform::auth::{Caller, Scope, Scopes, Who};
use crate::platform::db::schema::api_clients;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Name, Timestamp};
use crate::statement;

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = api_clients)]
struct ApiClientRow {
    id: Uuid,
    name: Name,
    scopes: Vec<Scope>,
    created_by: Uuid,
    created_at: Timestamp,
}

impl From<ApiClientRow> for ApiClient {
    fn from(row: ApiClientRow) -> Self {
        let ApiClientRow {
            id,
            name,
            scopes,
            created_by,
            created_at,
        } = row;
        Self {
            id,
            name,
            scopes,
            created_by,
            created_at,
        }
    }
}

/// What a new API client is.
#[derive(Clone, Debug)]
pub struct NewApiClient {
    /// Its id.
    pub id: Uuid,
    /// The firm that it acts for.
    pub firm_id: Uuid,
    /// What the firm calls it.
    pub name: Name,
    /// SHA-256 of its secret.
    pub secret_digest: Vec<u8>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The member who makes it.
    pub created_by: Uuid,
}

/// Makes an API client.
pub async fn insert(tx: &Tx, client: NewApiClient, now: Timestamp) -> ApiResult<ApiClient> {
    let NewApiClient {
        id,
        firm_id,
        name,
        secret_digest,
        scopes,
        created_by,
    } = client;
    let row = (
        api_clients::id.eq(id),
        api_clients::firm_id.eq(firm_id),
        api_clients::name.eq(&name),
        api_clients::secret_digest.eq(secret_digest),
        api_clients::scopes.eq(&scopes),
        api_clients::created_by.eq(created_by),
        api_clients::created_at.eq(now),
    );
    diesel::insert_into(api_clients::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    Ok(ApiClient {
        id,
        name,
        scopes,
        created_by,
        created_at: now,
    })
}

/// What an API client signs in with, while it is not revoked and its firm is open.
macro_rules! live {
    ($columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM api_clients c JOIN firms f ON f.id = c.firm_id
              WHERE c.id = $1 AND c.revoked_at IS NULL AND f.closed_at IS NULL"
        )
    };
}

statement! {
    FindSecret { id: Uuid => SqlUuid } -> Binary, live!("c.secret_digest")
}

pub(super) async fn find_secret(conn: &Conn, id: Uuid) -> ApiResult<Option<Vec<u8>>> {
    Ok(FindSecret { id }.get_result(&mut &*conn).await.optional()?)
}

statement! {
    FindCaller { id: Uuid => SqlUuid } -> (SqlUuid, Array<Text>), live!("c.firm_id, c.scopes")
}

/// The caller that an API client is, while it is not revoked and its firm is open.
pub async fn find_caller(conn: &Conn, id: Uuid) -> ApiResult<Option<Caller>> {
    let row: Option<(Uuid, Vec<Scope>)> =
        FindCaller { id }.get_result(&mut &*conn).await.optional()?;
    Ok(row.map(|(firm_id, scopes)| {
        let scopes: Scopes = scopes.into_iter().collect();
        Caller {
            firm_id,
            who: Who::ApiClient {
                api_client_id: id,
                scopes,
            },
            credential_id: id,
        }
    }))
}

pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<ApiClient>> {
    let live = api_clients::table
        .find(id)
        .filter(api_clients::firm_id.eq(firm_id))
        .filter(api_clients::revoked_at.is_null());
    let row = live
        .select(ApiClientRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(ApiClient::from))
}

pub(super) async fn list(
    conn: &Conn,
    firm_id: Uuid,
    after: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<ApiClient>> {
    let page = api_clients::table
        .filter(api_clients::firm_id.eq(firm_id))
        .filter(api_clients::revoked_at.is_null())
        .filter(api_clients::id.gt(after.unwrap_or_default()))
        .order(api_clients::id)
        .limit(rows)
        .select(ApiClientRow::as_select());
    let rows: Vec<ApiClientRow> = page.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(ApiClient::from).collect())
}

statement! {
    Revoke { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> Integer,
    "UPDATE api_clients SET revoked_at = $3 WHERE firm_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING 1"
}

/// Whether it was there to be revoked.
pub(super) async fn revoke(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<i32>> {
    Ok(Revoke { firm_id, id, now }
        .get_result(&mut &**tx)
        .await
        .optional()?)
}

statement! {
    RevokeAll { firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> SqlUuid,
    "UPDATE api_clients SET revoked_at = $2 WHERE firm_id = $1 AND revoked_at IS NULL RETURNING id"
}

/// Revokes all API clients of a firm; gives their ids, to be revoked everywhere.
pub async fn revoke_all(tx: &Tx, firm_id: Uuid, now: Timestamp) -> ApiResult<Vec<Uuid>> {
    Ok(RevokeAll { firm_id, now }.load(&mut &**tx).await?)
}

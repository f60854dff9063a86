//! The table of consents.

use diesel::prelude::*;
use diesel::sql_types::{
    BigInt, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::clients::model::{Consent, ConsentMethod};
use crate::platform::db::schema::consents;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Timestamp};
use crate::statement;

/// Two consents that stand for one client and partner.
pub const STANDING_KEY: &str = "consents_standing_key";

type ConsentColumns = (
    SqlUuid,
    SqlUuid,
    SqlUuid,
    SqlUuid,
    SqlDate,
    Text,
    Nullable<Text>,
    Nullable<SqlDate>,
    Timestamptz,
    Nullable<Timestamptz>,
    Integer,
);

#[derive(Debug, Queryable)]
struct ConsentRow {
    id: Uuid,
    client_id: Uuid,
    partnership_id: Uuid,
    partner_firm_id: Uuid,
    given_on: Date,
    method: ConsentMethod,
    scope: Option<String>,
    ends_on: Option<Date>,
    recorded_at: Timestamp,
    withdrawn_at: Option<Timestamp>,
    version: i32,
}

impl From<ConsentRow> for Consent {
    fn from(row: ConsentRow) -> Self {
        let ConsentRow {
            id,
            client_id,
            partnership_id,
            partner_firm_id,
            given_on,
            method,
            scope,
            ends_on,
            recorded_at,
            withdrawn_at,
            version,
        } = row;
        Self {
            id,
            client_id,
            partnership_id,
            partner_firm_id,
            given_on,
            method,
            scope,
            ends_on,
            recorded_at,
            withdrawn_at,
            version,
        }
    }
}

macro_rules! consent_view {
    () => {
        "id, client_id, partnership_id, partner_firm_id, given_on, method, scope, ends_on, recorded_at, withdrawn_at, version"
    };
}

/// What is recorded of a consent.
pub struct NewConsent<'a> {
    pub id: Uuid,
    pub client_id: Uuid,
    pub firm_id: Uuid,
    pub partner_firm_id: Uuid,
    pub partnership_id: Uuid,
    pub given_on: Date,
    pub method: ConsentMethod,
    pub scope: Option<&'a str>,
    pub ends_on: Option<Date>,
    pub expires_at: Option<Timestamp>,
    pub recorded_by: Uuid,
}

statement! {
    /// Nothing is made when the client is erased, or another firm's.
    InsertConsent<'a> {
        id: Uuid => SqlUuid, client_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, partner_firm_id: Uuid => SqlUuid,
        partnership_id: Uuid => SqlUuid, given_on: Date => SqlDate, method: ConsentMethod => Text,
        scope: Option<&'a str> => Nullable<Text>, ends_on: Option<Date> => Nullable<SqlDate>,
        expires_at: Option<Timestamp> => Nullable<Timestamptz>, recorded_by: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> ConsentColumns,
    concat!(
        "INSERT INTO consents (id, client_id, firm_id, partner_firm_id, partnership_id, given_on, method, scope,
                               ends_on, expires_at, recorded_by, recorded_at)
         SELECT $1, c.id, c.firm_id, $4, $5, $6, $7, $8, $9, $10, $11, $12
           FROM clients c WHERE c.id = $2 AND c.firm_id = $3 AND c.erased_at IS NULL FOR SHARE
         RETURNING ", consent_view!()
    )
}

/// `None` when the firm has no such client any more.
pub async fn insert_consent(
    tx: &Tx,
    new: NewConsent<'_>,
    now: Timestamp,
) -> ApiResult<Option<Consent>> {
    let NewConsent {
        id,
        client_id,
        firm_id,
        partner_firm_id,
        partnership_id,
        given_on,
        method,
        scope,
        ends_on,
        expires_at,
        recorded_by,
    } = new;
    let insert = InsertConsent {
        id,
        client_id,
        firm_id,
        partner_firm_id,
        partnership_id,
        given_on,
        method,
        scope,
        ends_on,
        expires_at,
        recorded_by,
        now,
    };
    let row: Option<ConsentRow> = insert.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(Consent::from))
}

statement! {
    RetireExpired { client_id: Uuid => SqlUuid, partner_firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (SqlUuid, SqlUuid, SqlUuid, SqlUuid, SqlUuid, Integer),
    "UPDATE consents SET withdrawn_at = expires_at, version = version + 1
      WHERE client_id = $1 AND partner_firm_id = $2 AND withdrawn_at IS NULL AND expires_at <= $3
      RETURNING id, client_id, firm_id, partner_firm_id, partnership_id, version"
}

/// Makes room for a new consent after the old one has run out; gives the old one.
pub async fn retire_expired(
    tx: &Tx,
    client_id: Uuid,
    partner_firm_id: Uuid,
    now: Timestamp,
) -> ApiResult<Vec<Expired>> {
    let retire = RetireExpired {
        client_id,
        partner_firm_id,
        now,
    };
    Ok(retire.load(&mut &**tx).await?)
}

statement! {
    FindConsent { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> ConsentColumns,
    concat!("SELECT ", consent_view!(), " FROM consents WHERE firm_id = $1 AND id = $2")
}

pub async fn find_consent(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Consent>> {
    let row: Option<ConsentRow> = FindConsent { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(Consent::from))
}

/// The consent that stands for a client and the partner of a partnership.
pub async fn find_standing(
    conn: &Conn,
    client_id: Uuid,
    partner_firm_id: Uuid,
) -> ApiResult<Option<Uuid>> {
    Ok(consents::table
        .filter(consents::client_id.eq(client_id))
        .filter(consents::partner_firm_id.eq(partner_firm_id))
        .filter(consents::withdrawn_at.is_null())
        .select(consents::id)
        .first(&mut &*conn)
        .await
        .optional()?)
}

/// Newest first.
pub async fn list_consents(
    conn: &Conn,
    client_id: Uuid,
    after: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<Consent>> {
    let mut query = Assembled::<ConsentColumns>::new();
    query.bind(Bind::Uuid(client_id));
    let also = query.also([("id <", after.map(Bind::Uuid))]);
    let rows = query.bind(Bind::Count(rows));
    let query = query
        .sql(concat!(
            "SELECT ",
            consent_view!(),
            " FROM consents WHERE client_id = $1"
        ))
        .sql(&also)
        .sql(&format!(" ORDER BY id DESC LIMIT {rows}"));
    let rows: Vec<ConsentRow> = query.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(Consent::from).collect())
}

statement! {
    WithdrawConsent { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> ConsentColumns,
    concat!(
        "UPDATE consents SET withdrawn_at = $3, version = version + 1
          WHERE firm_id = $1 AND id = $2 AND withdrawn_at IS NULL
          RETURNING ", consent_view!()
    )
}

/// `None` when it was withdrawn before.
pub async fn withdraw_consent(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<Consent>> {
    let row: Option<ConsentRow> = WithdrawConsent { firm_id, id, now }
        .get_result(&mut &**tx)
        .await
        .optional()?;
    Ok(row.map(Consent::from))
}

/// An introduction whose seal a consent touches.
#[derive(Debug, Queryable)]
pub struct Resealed {
    pub introduction_id: Uuid,
    pub partnership_id: Uuid,
    pub partner_firm_id: Uuid,
    pub version: i32,
}

statement! {
    Touched { client_id: Uuid => SqlUuid, partner_firm_id: Uuid => SqlUuid } -> (SqlUuid, SqlUuid, SqlUuid, Integer),
    "SELECT id, partnership_id, receiver_firm_id, version FROM introductions
      WHERE client_id = $1 AND receiver_firm_id = $2 AND offered_at IS NOT NULL ORDER BY id"
}

/// The introductions that the partner sees differently from now on.
pub async fn touched(tx: &Tx, client_id: Uuid, partner_firm_id: Uuid) -> ApiResult<Vec<Resealed>> {
    Ok(Touched {
        client_id,
        partner_firm_id,
    }
    .load(&mut &**tx)
    .await?)
}
/// A consent whose last day is over.
#[derive(Debug, Queryable)]
pub struct Expired {
    pub id: Uuid,
    pub client_id: Uuid,
    pub firm_id: Uuid,
    pub partner_firm_id: Uuid,
    pub partnership_id: Uuid,
    pub version: i32,
}

statement! {
    EndExpired { now: Timestamp => Timestamptz, rows: i64 => BigInt } -> (SqlUuid, SqlUuid, SqlUuid, SqlUuid, SqlUuid, Integer),
    "UPDATE consents c SET withdrawn_at = expires_at, version = version + 1
      WHERE c.id IN (SELECT id FROM consents WHERE withdrawn_at IS NULL AND expires_at <= $1
                      ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
      RETURNING id, client_id, firm_id, partner_firm_id, partnership_id, version"
}

/// Ends consents whose last day is over; another replica meanwhile ends others.
pub async fn end_expired(tx: &Tx, now: Timestamp, rows: i64) -> ApiResult<Vec<Expired>> {
    Ok(EndExpired { now, rows }.load(&mut &**tx).await?)
}

//! The tables of clients and their external ids.

use diesel::prelude::*;
use diesel::sql_types::{
    Array, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::model::{Client, ClientFields, ClientWarning, LegalHold};
use crate::platform::db::columns::{ExternalIds, RawJson};
use crate::platform::db::schema::client_external_ids;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::{Country, EmailAddress, ExternalId, Name, SystemName, Timestamp};
use crate::statement;

/// Two clients with one address.
pub(super) const EMAIL_KEY: &str = "clients_email_key";
/// Two clients with one number.
pub(super) const PHONE_KEY: &str = "clients_phone_key";
/// Two clients with one external id.
pub(super) const EXTERNAL_ID_KEY: &str = "client_external_ids_pkey";

/// The columns of a client.
macro_rules! view {
    ($source:literal) => {
        concat!(
            "SELECT c.id, c.name, c.email, c.phone, c.phone_e164, c.notes, c.attributes, c.traits, c.distinct_person,
                    ARRAY(SELECT x.system || '=' || x.external_id FROM client_external_ids x WHERE x.client_id = c.id),
                    EXISTS (SELECT FROM clients o
                             WHERE o.firm_id = c.firm_id AND lower(o.name) = lower(c.name) AND o.id <> c.id AND o.erased_at IS NULL),
                    c.held_at, c.held_by, c.hold_reason, c.created_at, c.updated_at, c.version
               FROM ", $source, " c"
        )
    };
}

type Columns = (
    SqlUuid,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Jsonb,
    Array<Text>,
    Bool,
    Array<Text>,
    Bool,
    Nullable<Timestamptz>,
    Nullable<SqlUuid>,
    Nullable<Text>,
    Timestamptz,
    Timestamptz,
    Integer,
);

#[derive(Debug, Queryable)]
struct ClientRow {
    id: Uuid,
    name: Name,
    email: Option<EmailAddress>,
    phone: Option<String>,
    phone_e164: Option<String>,
    notes: Option<String>,
    attributes: RawJson,
    traits: Vec<String>,
    distinct_person: bool,
    external_ids: ExternalIds,
    same_name: bool,
    held_at: Option<Timestamp>,
    held_by: Option<Uuid>,
    hold_reason: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

impl From<ClientRow> for Client {
    fn from(row: ClientRow) -> Self {
        let not_read = row.phone.is_some() && row.phone_e164.is_none();
        let warnings = [
            not_read.then_some(ClientWarning::PhoneNotRead),
            row.same_name.then_some(ClientWarning::SameName),
        ];
        Self {
            id: row.id,
            name: row.name,
            email: row.email,
            phone: row.phone,
            phone_e164: row.phone_e164,
            notes: row.notes,
            attributes: row.attributes,
            traits: row.traits,
            distinct_person: row.distinct_person,
            external_ids: row.external_ids,
            warnings: warnings.into_iter().flatten().collect(),
            legal_hold: row
                .held_at
                .zip(row.hold_reason)
                .map(|(held_at, reason)| LegalHold {
                    reason,
                    held_by: row.held_by,
                    held_at,
                }),
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(view!("clients"), " WHERE c.firm_id = $1 AND c.id = $2 AND c.erased_at IS NULL")
}

pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Client>> {
    let row: Option<ClientRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(Client::from))
}

statement! {
    FindByExternalId<'a> { firm_id: Uuid => SqlUuid, system: &'a SystemName => Text, external_id: &'a ExternalId => Text } -> Columns,
    concat!(view!("clients"),
        " WHERE c.id = (SELECT e.client_id FROM client_external_ids e
                         WHERE e.firm_id = $1 AND e.system = $2 AND e.external_id = $3) AND c.erased_at IS NULL")
}

pub(super) async fn find_by_external_id(
    conn: &Conn,
    firm_id: Uuid,
    system: &SystemName,
    external_id: &ExternalId,
) -> ApiResult<Option<Client>> {
    let row: Option<ClientRow> = FindByExternalId {
        firm_id,
        system,
        external_id,
    }
    .get_result(&mut &*conn)
    .await
    .optional()?;
    Ok(row.map(Client::from))
}

/// Which clients.
pub(super) struct ListFilter {
    pub email: Option<EmailAddress>,
    pub after: Option<Uuid>,
    pub rows: i64,
}

/// Newest first.
pub(super) async fn list(conn: &Conn, firm_id: Uuid, filter: ListFilter) -> ApiResult<Vec<Client>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(firm_id));
    let email = filter.email.map(|email| Bind::Text(email.into()));
    let also = query.also([
        ("c.email =", email),
        ("c.id <", filter.after.map(Bind::Uuid)),
    ]);
    let rows = query.bind(Bind::Count(filter.rows));
    let query = query
        .sql(view!("clients"))
        .sql(" WHERE c.firm_id = $1 AND c.erased_at IS NULL")
        .sql(&also)
        .sql(&format!(" ORDER BY c.id DESC LIMIT {rows}"));
    let rows: Vec<ClientRow> = query.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(Client::from).collect())
}

statement! {
    Insert<'a> {
        id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, name: &'a Name => Text, email: Option<&'a EmailAddress> => Nullable<Text>,
        phone: Option<&'a str> => Nullable<Text>, phone_e164: Option<&'a str> => Nullable<Text>, notes: Option<&'a str> => Nullable<Text>,
        attributes: Value => Jsonb, traits: &'a [String] => Array<Text>, distinct_person: bool => Bool, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           INSERT INTO clients (id, firm_id, name, email, phone, phone_e164, notes, attributes, traits, distinct_person, created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) RETURNING *) ",
        view!("made")
    )
}

/// A figure is a number, so this never fails.
fn attributes_of(fields: &ClientFields) -> ApiResult<Value> {
    serde_json::to_value(&fields.attributes).map_err(|error| Error::broken(error.to_string()))
}

/// Makes a client.
pub(super) async fn insert(
    tx: &Tx,
    (id, firm_id): (Uuid, Uuid),
    fields: &ClientFields,
    country: Option<&Country>,
    now: Timestamp,
) -> ApiResult<Client> {
    let phone = fields.phone_in(country);
    let insert = Insert {
        id,
        firm_id,
        name: &fields.name,
        email: fields.email.as_ref(),
        phone: phone.as_ref().map(|phone| phone.written.as_str()),
        phone_e164: phone.as_ref().and_then(|phone| phone.e164.as_deref()),
        notes: fields.notes.as_deref(),
        attributes: attributes_of(fields)?,
        traits: &fields.traits,
        distinct_person: fields.distinct_person,
        now,
    };
    let row: ClientRow = insert.get_result(&mut &**tx).await?;
    Ok(row.into())
}

statement! {
    Replace<'a> {
        id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, name: &'a Name => Text, email: Option<&'a EmailAddress> => Nullable<Text>,
        phone: Option<&'a str> => Nullable<Text>, phone_e164: Option<&'a str> => Nullable<Text>, notes: Option<&'a str> => Nullable<Text>,
        attributes: Value => Jsonb, traits: &'a [String] => Array<Text>, distinct_person: bool => Bool, now: Timestamp => Timestamptz,
        version: Option<i32> => Nullable<Integer>,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE clients
              SET name = $3, email = $4, phone = $5, phone_e164 = $6, notes = $7, attributes = $8, traits = $9,
                  distinct_person = $10, updated_at = $11, version = version + 1
            WHERE id = $1 AND firm_id = $2 AND erased_at IS NULL AND ($12 IS NULL OR version = $12)
              AND (name, email, phone, phone_e164, notes, attributes, traits, distinct_person)
                  IS DISTINCT FROM ($3, $4, $5, $6, $7, $8, $9, $10)
            RETURNING *) ",
        view!("made")
    )
}

/// Replaces a client's fields, of this version if one is given; `None` when there was nothing to
/// change, or another version.
pub(super) async fn replace(
    tx: &Tx,
    (id, firm_id, version): (Uuid, Uuid, Option<i32>),
    fields: &ClientFields,
    country: Option<&Country>,
    now: Timestamp,
) -> ApiResult<Option<Client>> {
    let phone = fields.phone_in(country);
    let replace = Replace {
        id,
        firm_id,
        name: &fields.name,
        email: fields.email.as_ref(),
        phone: phone.as_ref().map(|phone| phone.written.as_str()),
        phone_e164: phone.as_ref().and_then(|phone| phone.e164.as_deref()),
        notes: fields.notes.as_deref(),
        attributes: attributes_of(fields)?,
        traits: &fields.traits,
        distinct_person: fields.distinct_person,
        now,
        version,
    };
    let row: Option<ClientRow> = replace.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(Client::from))
}

pub(super) async fn insert_external_id(
    tx: &Tx,
    (firm_id, client_id): (Uuid, Uuid),
    system: &SystemName,
    external_id: &ExternalId,
) -> ApiResult<()> {
    let row = (
        client_external_ids::firm_id.eq(firm_id),
        client_external_ids::system.eq(system),
        client_external_ids::external_id.eq(external_id),
        client_external_ids::client_id.eq(client_id),
    );
    diesel::insert_into(client_external_ids::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

statement! {
    FindSame<'a> {
        firm_id: Uuid => SqlUuid, email: Option<&'a EmailAddress> => Nullable<Text>, phone_e164: Option<&'a str> => Nullable<Text>,
    } -> SqlUuid,
    "SELECT id FROM clients WHERE firm_id = $1 AND NOT distinct_person AND (email = $2 OR phone_e164 = $3) ORDER BY id LIMIT 1"
}

/// The client of the firm that counts as the same person.
pub(super) async fn find_same(
    conn: &Conn,
    firm_id: Uuid,
    email: Option<&EmailAddress>,
    phone_e164: Option<&str>,
) -> ApiResult<Option<Uuid>> {
    Ok(FindSame {
        firm_id,
        email,
        phone_e164,
    }
    .get_result(&mut &*conn)
    .await
    .optional()?)
}

statement! {
    Hold<'a> { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, actor_id: Uuid => SqlUuid, reason: &'a str => Text, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE clients SET held_at = $5, held_by = $3, hold_reason = $4, updated_at = $5, version = version + 1
            WHERE firm_id = $1 AND id = $2 AND held_at IS NULL AND erased_at IS NULL RETURNING *) ",
        view!("made")
    )
}

/// Lays a legal hold on a record; `None` when there is one.
pub(super) async fn hold(
    tx: &Tx,
    (firm_id, id, actor_id): (Uuid, Uuid, Uuid),
    reason: &str,
    now: Timestamp,
) -> ApiResult<Option<Client>> {
    let row: Option<ClientRow> = Hold {
        firm_id,
        id,
        actor_id,
        reason,
        now,
    }
    .get_result(&mut &**tx)
    .await
    .optional()?;
    Ok(row.map(Client::from))
}

statement! {
    Release { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE clients SET held_at = NULL, held_by = NULL, hold_reason = NULL, updated_at = $3, version = version + 1
            WHERE firm_id = $1 AND id = $2 AND held_at IS NOT NULL RETURNING *) ",
        view!("made")
    )
}

/// Takes the legal hold off a record; `None` when there is none.
pub(super) async fn release(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<Client>> {
    let row: Option<ClientRow> = Release { firm_id, id, now }
        .get_result(&mut &**tx)
        .await
        .optional()?;
    Ok(row.map(Client::from))
}

//! The tables of clients, their external ids and consents.

use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Integer, Jsonb, Nullable, Text, Timestamptz,
    Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::model::{Client, ClientFields, ClientWarning, Consent, ConsentMethod, LegalHold};
use crate::platform::db::columns::{ExternalIds, RawJson};
use crate::platform::db::schema::{client_external_ids, consents};
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::{
    Country, Date, EmailAddress, ExternalId, Name, SystemName, Timestamp,
};
use crate::statement;

/// Two clients with one address.
pub(super) const EMAIL_KEY: &str = "clients_email_key";
/// Two clients with one number.
pub(super) const PHONE_KEY: &str = "clients_phone_key";
/// Two clients with one external id.
pub(super) const EXTERNAL_ID_KEY: &str = "client_external_ids_pkey";

/// Two consents that stand for one client and partner.
pub(super) const STANDING_KEY: &str = "consents_standing_key";

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
    let mut conditions = String::new();
    if let Some(email) = filter.email {
        conditions.push_str(&format!(
            " AND c.email = {}",
            query.bind(Bind::Text(email.into()))
        ));
    }
    if let Some(after) = filter.after {
        conditions.push_str(&format!(" AND c.id < {}", query.bind(Bind::Uuid(after))));
    }
    let rows = query.bind(Bind::Count(filter.rows));
    let query = query
        .sql(view!("clients"))
        .sql(" WHERE c.firm_id = $1 AND c.erased_at IS NULL")
        .sql(&conditions)
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
pub(super) struct NewConsent<'a> {
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
    InsertConsent<'a> {
        id: Uuid => SqlUuid, client_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, partner_firm_id: Uuid => SqlUuid,
        partnership_id: Uuid => SqlUuid, given_on: Date => SqlDate, method: ConsentMethod => Text,
        scope: Option<&'a str> => Nullable<Text>, ends_on: Option<Date> => Nullable<SqlDate>,
        expires_at: Option<Timestamp> => Nullable<Timestamptz>, recorded_by: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> ConsentColumns,
    concat!(
        "INSERT INTO consents (id, client_id, firm_id, partner_firm_id, partnership_id, given_on, method, scope,
                               ends_on, expires_at, recorded_by, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         RETURNING ", consent_view!()
    )
}

pub(super) async fn insert_consent(
    tx: &Tx,
    new: NewConsent<'_>,
    now: Timestamp,
) -> ApiResult<Consent> {
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
    let row: ConsentRow = insert.get_result(&mut &**tx).await?;
    Ok(row.into())
}

statement! {
    RetireExpired { client_id: Uuid => SqlUuid, partner_firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (),
    "UPDATE consents SET withdrawn_at = expires_at, version = version + 1
      WHERE client_id = $1 AND partner_firm_id = $2 AND withdrawn_at IS NULL AND expires_at <= $3"
}

/// Makes room for a new consent after the old one has run out.
pub(super) async fn retire_expired(
    tx: &Tx,
    client_id: Uuid,
    partner_firm_id: Uuid,
    now: Timestamp,
) -> ApiResult<()> {
    RetireExpired {
        client_id,
        partner_firm_id,
        now,
    }
    .execute(&mut &**tx)
    .await?;
    Ok(())
}

statement! {
    FindConsent { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> ConsentColumns,
    concat!("SELECT ", consent_view!(), " FROM consents WHERE firm_id = $1 AND id = $2")
}

pub(super) async fn find_consent(
    conn: &Conn,
    firm_id: Uuid,
    id: Uuid,
) -> ApiResult<Option<Consent>> {
    let row: Option<ConsentRow> = FindConsent { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(Consent::from))
}

/// The consent that stands for a client and the partner of a partnership.
pub(super) async fn find_standing(
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
pub(super) async fn list_consents(
    conn: &Conn,
    client_id: Uuid,
    after: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<Consent>> {
    let mut query = Assembled::<ConsentColumns>::new();
    query.bind(Bind::Uuid(client_id));
    let after = after.map(|after| format!(" AND id < {}", query.bind(Bind::Uuid(after))));
    let rows = query.bind(Bind::Count(rows));
    let query = query
        .sql(concat!(
            "SELECT ",
            consent_view!(),
            " FROM consents WHERE client_id = $1"
        ))
        .sql(&after.unwrap_or_default())
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
pub(super) async fn withdraw_consent(
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
pub(super) struct Resealed {
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
pub(super) async fn touched(
    tx: &Tx,
    client_id: Uuid,
    partner_firm_id: Uuid,
) -> ApiResult<Vec<Resealed>> {
    Ok(Touched {
        client_id,
        partner_firm_id,
    }
    .load(&mut &**tx)
    .await?)
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

/// What tells who a client is.
#[derive(Debug, Queryable)]
pub struct Identity {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number as it was written.
    pub phone: Option<String>,
    /// The same in E.164.
    pub phone_e164: Option<String>,
    /// Whether a legal hold lies on the record.
    pub is_held: bool,
}

statement! {
    HoldIdentity { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> (Text, Nullable<Text>, Nullable<Text>, Nullable<Text>, Bool),
    "SELECT name, email, phone, phone_e164, held_at IS NOT NULL FROM clients
      WHERE firm_id = $1 AND id = $2 AND erased_at IS NULL FOR UPDATE"
}

/// Who a client is, which nobody changes until the transaction ends; `None` when there is none.
pub async fn hold_identity(tx: &Tx, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Identity>> {
    Ok(HoldIdentity { firm_id, id }
        .get_result(&mut &**tx)
        .await
        .optional()?)
}

statement! {
    /// Nothing of the person stays; that there was a client does, since introductions are counted.
    Erase { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> Integer,
    "WITH nameless AS (DELETE FROM client_external_ids WHERE client_id = $2),
          unsaid AS (
            UPDATE consents SET scope = NULL, withdrawn_at = coalesce(withdrawn_at, $3), version = version + 1
             WHERE client_id = $2 AND (scope IS NOT NULL OR withdrawn_at IS NULL))
     UPDATE clients SET name = '(erased)', email = NULL, phone = NULL, phone_e164 = NULL, notes = NULL, attributes = '{}', traits = '{}',
                        distinct_person = false, erased_at = $3, updated_at = $3, version = version + 1
      WHERE firm_id = $1 AND id = $2 AND erased_at IS NULL AND held_at IS NULL
      RETURNING version"
}

/// Erases a client's record; gives the version that this made.
pub(super) async fn erase(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<i32>> {
    Ok(Erase { firm_id, id, now }
        .get_result(&mut &**tx)
        .await
        .optional()?)
}

statement! {
    Redact<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz } -> (SqlUuid, Integer),
    "UPDATE clients SET notes = regexp_replace(notes, $2, '[erased]', 'gi'), updated_at = $3, version = version + 1
      WHERE firm_id = $1 AND notes ~* $2 RETURNING id, version"
}

/// Takes a name out of what the firm noted of its other clients; gives which were changed.
pub(super) async fn redact(
    tx: &Tx,
    firm_id: Uuid,
    pattern: &str,
    now: Timestamp,
) -> ApiResult<Vec<(Uuid, i32)>> {
    Ok(Redact {
        firm_id,
        pattern,
        now,
    }
    .load(&mut &**tx)
    .await?)
}

/// A consent whose last day is over.
#[derive(Debug, Queryable)]
pub(super) struct Expired {
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
pub(super) async fn end_expired(tx: &Tx, now: Timestamp, rows: i64) -> ApiResult<Vec<Expired>> {
    Ok(EndExpired { now, rows }.load(&mut &**tx).await?)
}

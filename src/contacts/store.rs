//! The table of contacts.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Integer, Nullable, SmallInt, Text, Timestamptz,
    Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{CallReason, Contact, ContactFields, ContactReason, ContactWarning};
use crate::parties::{Party, Side};
use crate::platform::auth::Caller;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Country, Date, EmailAddress, Name, Phone, Timestamp};
use crate::statement;

/// A contact for the firm `$1`.
macro_rules! columns {
    () => {
        "c.id, c.partnership_id, c.by_firm_id = $1, CASE WHEN c.by_firm_id = $1 THEN c.to_firm_id ELSE c.by_firm_id END,
         c.member_id, c.name, c.role, c.email, c.phone, c.phone_e164, c.reasons, c.reason_details, c.preference,
         c.away_from_on, c.away_to_on,
         EXISTS (SELECT FROM members m WHERE m.id = c.member_id AND m.deactivated_at IS NOT NULL),
         c.written_by, c.created_at, c.updated_at, c.version"
    };
}

type Columns = (
    SqlUuid,
    SqlUuid,
    Bool,
    SqlUuid,
    Nullable<SqlUuid>,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Array<Text>,
    Array<Nullable<Text>>,
    SmallInt,
    Nullable<SqlDate>,
    Nullable<SqlDate>,
    Bool,
    SqlUuid,
    Timestamptz,
    Timestamptz,
    Integer,
);

#[derive(Debug, Queryable)]
struct ContactRow {
    id: Uuid,
    partnership_id: Uuid,
    is_ours: bool,
    partner_firm_id: Uuid,
    member_id: Option<Uuid>,
    name: Name,
    role: String,
    email: Option<EmailAddress>,
    phone: Option<String>,
    phone_e164: Option<String>,
    reasons: Vec<CallReason>,
    reason_details: Vec<Option<String>>,
    preference: i16,
    away_from_on: Option<Date>,
    away_to_on: Option<Date>,
    has_left: bool,
    written_by: Uuid,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

impl From<ContactRow> for Contact {
    fn from(row: ContactRow) -> Self {
        let not_read = row.phone.is_some() && row.phone_e164.is_none();
        let reasons = row.reasons.into_iter().zip(row.reason_details);
        Self {
            id: row.id,
            partnership_id: row.partnership_id,
            side: Side::of(row.is_ours),
            partner_firm_id: row.partner_firm_id,
            member_id: row.member_id,
            name: row.name,
            role: row.role,
            email: row.email,
            phone: row.phone,
            phone_e164: row.phone_e164,
            reasons: reasons
                .map(|(reason, detail)| ContactReason { reason, detail })
                .collect(),
            preference: row.preference,
            away_from_on: row.away_from_on,
            away_to_on: row.away_to_on,
            has_left: row.has_left,
            warnings: not_read
                .then_some(ContactWarning::PhoneNotRead)
                .into_iter()
                .collect(),
            written_by: row.written_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!("SELECT ", columns!(), " FROM contacts c WHERE c.id = $2 AND $1 IN (c.by_firm_id, c.to_firm_id)")
}

pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Contact>> {
    let row: Option<ContactRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(Contact::from))
}

/// Which contacts of a partnership.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ListFilter {
    pub by_firm_id: Option<Uuid>,
    pub reason: Option<CallReason>,
    pub after: Option<Uuid>,
    /// All of them unless told.
    pub rows: Option<i64>,
}

/// Oldest first; of a partnership that the caller is known to be a party to.
pub(super) async fn list(
    conn: &Conn,
    party: &Party,
    filter: ListFilter,
) -> ApiResult<Vec<Contact>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(party.us));
    let mut also = query.also([
        ("c.partnership_id =", Some(Bind::Uuid(party.partnership_id))),
        ("c.by_firm_id =", filter.by_firm_id.map(Bind::Uuid)),
        ("c.id >", filter.after.map(Bind::Uuid)),
    ]);
    if let Some(reason) = filter.reason {
        let reason = query.bind(Bind::Text(reason.to_string()));
        also.push_str(&format!(" AND {reason} = ANY (c.reasons)"));
    }
    let limit = filter.rows.map(|rows| {
        let rows = query.bind(Bind::Count(rows));
        format!(" LIMIT {rows}")
    });
    let text = format!(
        concat!(
            "SELECT ",
            columns!(),
            " FROM contacts c WHERE true{} ORDER BY c.id{}"
        ),
        also,
        limit.unwrap_or_default()
    );
    let rows: Vec<ContactRow> = query.sql(&text).load(&mut &*conn).await?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

statement! {
    Insert<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, to_firm_id: Uuid => SqlUuid,
        member_id: Option<Uuid> => Nullable<SqlUuid>, name: &'a Name => Text, role: &'a str => Text,
        email: Option<&'a EmailAddress> => Nullable<Text>, phone: Option<&'a str> => Nullable<Text>,
        phone_e164: Option<&'a str> => Nullable<Text>, reasons: Vec<CallReason> => Array<Text>,
        reason_details: Vec<Option<&'a str>> => Array<Nullable<Text>>, preference: i16 => SmallInt,
        away_from_on: Option<Date> => Nullable<SqlDate>, away_to_on: Option<Date> => Nullable<SqlDate>,
        written_by: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH c AS (
           INSERT INTO contacts (id, partnership_id, by_firm_id, to_firm_id, member_id, name, role, email, phone, phone_e164,
                                 reasons, reason_details, preference, away_from_on, away_to_on, written_by, created_at, updated_at)
           VALUES ($2, $3, $1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17) RETURNING *)
         SELECT ", columns!(), " FROM c"
    )
}

fn split(reasons: &[ContactReason]) -> (Vec<CallReason>, Vec<Option<&str>>) {
    reasons
        .iter()
        .map(|one| (one.reason, one.detail.as_deref()))
        .unzip()
}

/// Makes a contact of the caller's party.
pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    party: &Party,
    (id, country): (Uuid, Option<&Country>),
    fields: &ContactFields,
    now: Timestamp,
) -> ApiResult<Contact> {
    let phone = fields.phone.as_deref();
    let phone = phone.map(|written| Phone::read(written, country));
    let (reasons, reason_details) = split(&fields.reasons);
    let insert = Insert {
        firm_id: party.us,
        id,
        partnership_id: party.partnership_id,
        to_firm_id: party.them,
        member_id: fields.member_id,
        name: &fields.name,
        role: &fields.role,
        email: fields.email.as_ref(),
        phone: phone.as_ref().map(|phone| phone.written.as_str()),
        phone_e164: phone.as_ref().and_then(|phone| phone.e164.as_deref()),
        reasons,
        reason_details,
        preference: fields.preference,
        away_from_on: fields.away_from_on,
        away_to_on: fields.away_to_on,
        written_by: caller.actor_id(),
        now,
    };
    let row: ContactRow = insert.get_result(&mut &**tx).await?;
    Ok(row.into())
}

statement! {
    Replace<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, version: i32 => Integer,
        member_id: Option<Uuid> => Nullable<SqlUuid>, name: &'a Name => Text, role: &'a str => Text,
        email: Option<&'a EmailAddress> => Nullable<Text>, phone: Option<&'a str> => Nullable<Text>,
        phone_e164: Option<&'a str> => Nullable<Text>, reasons: Vec<CallReason> => Array<Text>,
        reason_details: Vec<Option<&'a str>> => Array<Nullable<Text>>, preference: i16 => SmallInt,
        away_from_on: Option<Date> => Nullable<SqlDate>, away_to_on: Option<Date> => Nullable<SqlDate>,
        now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH c AS (
           UPDATE contacts
              SET member_id = $4, name = $5, role = $6, email = $7, phone = $8, phone_e164 = $9, reasons = $10,
                  reason_details = $11, preference = $12, away_from_on = $13, away_to_on = $14,
                  updated_at = $15, version = version + 1
            WHERE by_firm_id = $1 AND id = $2 AND version = $3
              AND (member_id, name, role, email, phone, phone_e164, reasons, reason_details, preference, away_from_on, away_to_on)
                  IS DISTINCT FROM ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            RETURNING *)
         SELECT ", columns!(), " FROM c"
    )
}

/// Changes a contact of this version; `None` when it has another, or is like this already.
pub(super) async fn replace(
    tx: &Tx,
    firm_id: Uuid,
    (id, version, country): (Uuid, i32, Option<&Country>),
    fields: &ContactFields,
    now: Timestamp,
) -> ApiResult<Option<Contact>> {
    let phone = fields.phone.as_deref();
    let phone = phone.map(|written| Phone::read(written, country));
    let (reasons, reason_details) = split(&fields.reasons);
    let replace = Replace {
        firm_id,
        id,
        version,
        member_id: fields.member_id,
        name: &fields.name,
        role: &fields.role,
        email: fields.email.as_ref(),
        phone: phone.as_ref().map(|phone| phone.written.as_str()),
        phone_e164: phone.as_ref().and_then(|phone| phone.e164.as_deref()),
        reasons,
        reason_details,
        preference: fields.preference,
        away_from_on: fields.away_from_on,
        away_to_on: fields.away_to_on,
        now,
    };
    let row: Option<ContactRow> = replace.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(Contact::from))
}

statement! {
    Remove { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(
        "WITH removed AS (DELETE FROM contacts WHERE by_firm_id = $1 AND id = $2 RETURNING *),
         c AS (SELECT r.id, r.partnership_id, r.by_firm_id, r.to_firm_id, r.member_id, r.name, r.role, r.email, r.phone,
                      r.phone_e164, r.reasons, r.reason_details, r.preference, r.away_from_on, r.away_to_on, r.written_by,
                      r.created_at, r.updated_at, r.version + 1 AS version FROM removed r)
         SELECT ", columns!(), " FROM c"
    )
}

/// Removes a contact and gives it with the version that its removal is.
pub(super) async fn remove(tx: &Tx, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Contact>> {
    let row: Option<ContactRow> = Remove { firm_id, id }
        .get_result(&mut &**tx)
        .await
        .optional()?;
    Ok(row.map(Contact::from))
}

statement! {
    Count { partnership_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid } -> BigInt,
    "SELECT count(*) FROM contacts WHERE partnership_id = $1 AND by_firm_id = $2"
}

/// How many contacts a party has.
pub(super) async fn count(tx: &Tx, party: &Party) -> ApiResult<i64> {
    let count = Count {
        partnership_id: party.partnership_id,
        firm_id: party.us,
    };
    Ok(count.get_result(&mut &**tx).await?)
}

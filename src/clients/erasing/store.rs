//! The tables of clients, as far as a person is taken out of them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

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
    "WITH nameless AS (DELETE FROM client_external_ids WHERE client_id = $2)
     UPDATE clients SET name = '(erased)', email = NULL, phone = NULL, phone_e164 = NULL, notes = NULL, attributes = '{}', traits = '{}',
                        distinct_person = false, erased_at = $3, updated_at = $3, version = version + 1
      WHERE firm_id = $1 AND id = $2 AND erased_at IS NULL AND held_at IS NULL
      RETURNING version"
}

/// Erases a client's record; gives the version that this made.
pub async fn erase(tx: &Tx, firm_id: Uuid, id: Uuid, now: Timestamp) -> ApiResult<Option<i32>> {
    Ok(Erase { firm_id, id, now }
        .get_result(&mut &**tx)
        .await
        .optional()?)
}

/// A consent that ended, or of which it is no longer said what it covered.
#[derive(Debug, Queryable)]
pub struct Unsaid {
    pub id: Uuid,
    pub partnership_id: Uuid,
    pub version: i32,
    pub has_ended: bool,
}

statement! {
    EndConsents { firm_id: Uuid => SqlUuid, client_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (SqlUuid, SqlUuid, Integer, Bool),
    "UPDATE consents SET scope = NULL, withdrawn_at = coalesce(withdrawn_at, $3), version = version + 1
      WHERE firm_id = $1 AND client_id = $2 AND (scope IS NOT NULL OR withdrawn_at IS NULL)
      RETURNING id, partnership_id, version, withdrawn_at = $3"
}

/// Ends the consents of a client and forgets what they covered; gives those that this changed.
pub async fn end_consents(
    tx: &Tx,
    firm_id: Uuid,
    client_id: Uuid,
    now: Timestamp,
) -> ApiResult<Vec<Unsaid>> {
    let end = EndConsents {
        firm_id,
        client_id,
        now,
    };
    Ok(end.load(&mut &**tx).await?)
}

statement! {
    Redact<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz } -> (SqlUuid, Integer),
    "UPDATE clients SET notes = regexp_replace(notes, $2, '[erased]', 'gi'), updated_at = $3, version = version + 1
      WHERE firm_id = $1 AND notes ~* $2 RETURNING id, version"
}

/// Takes a name out of what the firm noted of its other clients; gives which were changed.
pub async fn redact(
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

/// Clients `c` that their firms `f` keep no longer at `$1`.
macro_rules! due {
    () => {
        "  FROM firms f
           JOIN clients c ON c.firm_id = f.id AND c.erased_at IS NULL AND c.held_at IS NULL
            AND c.updated_at < $1 - make_interval(months => f.retention_months)
          WHERE f.retention_months IS NOT NULL
            AND NOT EXISTS (SELECT FROM introductions i
                             WHERE i.client_id = c.id
                               AND (i.closed_at IS NULL OR i.updated_at >= $1 - make_interval(months => f.retention_months)))
            AND NOT EXISTS (SELECT FROM consents k
                             WHERE k.client_id = c.id AND k.recorded_at >= $1 - make_interval(months => f.retention_months))"
    };
}

statement! {
    ListDue { now: Timestamp => Timestamptz, rows: i64 => BigInt } -> (SqlUuid, SqlUuid),
    concat!("SELECT c.firm_id, c.id ", due!(), " ORDER BY c.updated_at LIMIT $2")
}

/// Clients whose firm keeps them no longer: nothing was done to the record or its introductions and no
/// consent was recorded for as many months as the firm has set, and no introduction is open. The firm and
/// the client of each.
pub async fn list_due(conn: &Conn, now: Timestamp, rows: i64) -> ApiResult<Vec<(Uuid, Uuid)>> {
    Ok(ListDue { now, rows }.load(&mut &*conn).await?)
}

statement! {
    FindDue { now: Timestamp => Timestamptz, firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> SqlUuid,
    concat!("SELECT c.id ", due!(), " AND c.firm_id = $2 AND c.id = $3")
}

/// Whether a client, who is held, is one of those still.
pub async fn is_due(tx: &Tx, firm_id: Uuid, id: Uuid, now: Timestamp) -> ApiResult<bool> {
    let due: Option<Uuid> = FindDue { now, firm_id, id }
        .get_result(&mut &**tx)
        .await
        .optional()?;
    Ok(due.is_some())
}

//! The tables of partnerships, as far as a person is taken out of them.

use diesel::Queryable;
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// A partnership from which, or from whose terms, something was taken, and the version of these.
#[derive(Debug, Queryable)]
pub struct Redacted {
    pub id: Uuid,
    pub version: i32,
    pub proposer_firm_id: Uuid,
    pub recipient_firm_id: Option<Uuid>,
}

impl Redacted {
    /// Who is told.
    pub fn firms(&self) -> impl Iterator<Item = Uuid> {
        std::iter::once(self.proposer_firm_id).chain(self.recipient_firm_id)
    }
}

statement! {
    Redact<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz }
        -> (SqlUuid, Integer, SqlUuid, Nullable<SqlUuid>),
    "UPDATE partnerships p
        SET message = regexp_replace(p.message, $2, '[erased]', 'gi'), reason = regexp_replace(p.reason, $2, '[erased]', 'gi'),
            updated_at = $3, version = p.version + 1
      WHERE $1 IN (p.proposer_firm_id, p.recipient_firm_id) AND concat_ws(' ', p.message, p.reason) ~* $2
     RETURNING p.id, p.version, p.proposer_firm_id, p.recipient_firm_id"
}

/// Takes a person out of a firm's partnerships; gives those that were touched.
pub async fn redact(
    tx: &Tx,
    firm_id: Uuid,
    pattern: &str,
    now: Timestamp,
) -> ApiResult<Vec<Redacted>> {
    let redact = Redact {
        firm_id,
        pattern,
        now,
    };
    Ok(redact.load(&mut &**tx).await?)
}

statement! {
    /// Any version of the terms is rewritten as it stands: a new one would keep the name in those before.
    RedactTerms<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text } -> (SqlUuid, Integer, SqlUuid, Nullable<SqlUuid>),
    "WITH redacted AS (
       UPDATE partnership_terms t SET compensation_note = regexp_replace(t.compensation_note, $2, '[erased]', 'gi')
         FROM partnerships p
        WHERE p.id = t.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id) AND t.compensation_note ~* $2
        RETURNING t.partnership_id)
     SELECT p.id, (SELECT max(l.version) FROM partnership_terms l WHERE l.partnership_id = p.id), p.proposer_firm_id, p.recipient_firm_id
       FROM partnerships p WHERE p.id IN (SELECT partnership_id FROM redacted)"
}

/// Takes a person out of the terms of a firm's partnerships; gives those that were touched, with the
/// version in force.
pub async fn redact_terms(tx: &Tx, firm_id: Uuid, pattern: &str) -> ApiResult<Vec<Redacted>> {
    let redact = RedactTerms { firm_id, pattern };
    Ok(redact.load(&mut &**tx).await?)
}

statement! {
    RedactNotes<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz } -> (SqlUuid, SqlUuid, Integer),
    "UPDATE partnership_notes SET body = regexp_replace(body, $2, '[erased]', 'gi'), updated_at = $3, version = version + 1
      WHERE firm_id = $1 AND body ~* $2
      RETURNING id, partnership_id, version"
}

/// Takes a person out of a firm's private notes; gives each that was changed, its partnership and its
/// version.
pub async fn redact_notes(
    tx: &Tx,
    firm_id: Uuid,
    pattern: &str,
    now: Timestamp,
) -> ApiResult<Vec<(Uuid, Uuid, i32)>> {
    let redact = RedactNotes {
        firm_id,
        pattern,
        now,
    };
    Ok(redact.load(&mut &**tx).await?)
}

//! The tables of partnerships, as far as a person is taken out of them.

use diesel::Queryable;
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// A partnership from which something was taken.
#[derive(Debug, Queryable)]
pub struct Redacted {
    pub id: Uuid,
    pub version: i32,
    pub proposer_firm_id: Uuid,
    pub recipient_firm_id: Option<Uuid>,
}

statement! {
    Redact<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz }
        -> (SqlUuid, Integer, SqlUuid, Nullable<SqlUuid>),
    "WITH named AS (
       SELECT p.id FROM partnerships p
        WHERE $1 IN (p.proposer_firm_id, p.recipient_firm_id)
          AND (concat_ws(' ', p.message, p.reason) ~* $2
               OR EXISTS (SELECT FROM partnership_terms t WHERE t.partnership_id = p.id AND t.compensation_note ~* $2))),
     terms AS (
       UPDATE partnership_terms t SET compensation_note = regexp_replace(t.compensation_note, $2, '[erased]', 'gi')
         FROM named WHERE t.partnership_id = named.id AND t.compensation_note ~* $2)
     UPDATE partnerships p
        SET message = regexp_replace(p.message, $2, '[erased]', 'gi'), reason = regexp_replace(p.reason, $2, '[erased]', 'gi'),
            updated_at = $3, version = p.version + 1
       FROM named WHERE p.id = named.id
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
    RedactNotes<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz } -> (),
    "UPDATE partnership_notes SET body = regexp_replace(body, $2, '[erased]', 'gi'), updated_at = $3, version = version + 1
      WHERE firm_id = $1 AND body ~* $2"
}

/// Takes a person out of a firm's private notes.
pub async fn redact_notes(tx: &Tx, firm_id: Uuid, pattern: &str, now: Timestamp) -> ApiResult<()> {
    let redact = RedactNotes {
        firm_id,
        pattern,
        now,
    };
    redact.execute(&mut &**tx).await?;
    Ok(())
}

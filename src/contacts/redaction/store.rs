//! The table of contacts, as far as a person is taken out of it.

use diesel::Queryable;
use diesel::sql_types::{Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// A contact from which something was taken.
#[derive(Debug, Queryable)]
pub struct Redacted {
    pub id: Uuid,
    pub version: i32,
    pub partnership_id: Uuid,
    pub by_firm_id: Uuid,
    pub to_firm_id: Uuid,
}

statement! {
    Redact<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz }
        -> (SqlUuid, Integer, SqlUuid, SqlUuid, SqlUuid),
    "UPDATE contacts c
        SET role = regexp_replace(c.role, $2, '[erased]', 'gi'),
            reason_details = ARRAY(SELECT regexp_replace(d.detail, $2, '[erased]', 'gi')
                                     FROM unnest(c.reason_details) WITH ORDINALITY d (detail, place) ORDER BY d.place),
            updated_at = $3, version = c.version + 1
      WHERE $1 IN (c.by_firm_id, c.to_firm_id)
        AND (c.role ~* $2 OR EXISTS (SELECT FROM unnest(c.reason_details) d (detail) WHERE d.detail ~* $2))
     RETURNING c.id, c.version, c.partnership_id, c.by_firm_id, c.to_firm_id"
}

/// Takes what a pattern finds out of the contacts of a firm's partnerships; gives those that were touched.
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

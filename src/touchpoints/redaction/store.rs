//! The tables of touchpoints, as far as a person is taken out of them.

use diesel::Queryable;
use diesel::sql_types::{Bool, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// A touchpoint from which something was taken.
#[derive(Debug, Queryable)]
pub struct Redacted {
    pub id: Uuid,
    pub version: i32,
    pub partnership_id: Uuid,
    pub by_firm_id: Uuid,
    pub to_firm_id: Uuid,
    pub is_shared: bool,
}

statement! {
    Redact<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz }
        -> (SqlUuid, Integer, SqlUuid, SqlUuid, SqlUuid, Bool),
    "WITH found AS (
       SELECT t.id FROM touchpoints t
        WHERE (t.by_firm_id = $1 OR (t.to_firm_id = $1 AND t.visibility = 'shared'))
          AND (concat_ws(' ', t.place, t.note) ~* $2
            OR EXISTS (SELECT FROM touchpoint_guests g WHERE g.touchpoint_id = t.id AND g.name ~* $2))),
     guests AS (
       UPDATE touchpoint_guests g SET name = left(regexp_replace(g.name, $2, '[erased]', 'gi'), 200)
         FROM found WHERE g.touchpoint_id = found.id AND g.name ~* $2)
     UPDATE touchpoints t
        SET place = regexp_replace(t.place, $2, '[erased]', 'gi'), note = regexp_replace(t.note, $2, '[erased]', 'gi'),
            updated_at = $3, version = t.version + 1
       FROM found WHERE t.id = found.id
     RETURNING t.id, t.version, t.partnership_id, t.by_firm_id, t.to_firm_id, t.visibility = 'shared'"
}

/// Takes what a pattern finds out of the touchpoints that a firm sees; gives those that were touched.
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

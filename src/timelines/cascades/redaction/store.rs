//! The tables of cascades, as far as a person is taken out of them.

use diesel::Queryable;
use diesel::sql_types::{Array, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::statement;

/// A cascade from whose reason something was taken.
#[derive(Debug, Queryable)]
pub struct Redacted {
    pub id: Uuid,
    pub version: i32,
    pub partnership_id: Uuid,
    pub proposer_firm_id: Uuid,
    pub recipient_firm_id: Uuid,
}

statement! {
    Redact<'a> { firm_id: Uuid => SqlUuid, introductions: &'a [Uuid] => Array<SqlUuid>, pattern: Option<&'a str> => Nullable<Text> }
        -> (SqlUuid, Integer, SqlUuid, SqlUuid, SqlUuid),
    "WITH found AS (
       SELECT c.id, p.proposer_firm_id, p.recipient_firm_id,
              CASE WHEN EXISTS (SELECT FROM cascade_moves m JOIN action_steps s ON s.id = m.step_id
                                 WHERE m.cascade_id = c.id AND s.introduction_id = ANY ($2)) THEN '^.*$' ELSE $3 END AS what
         FROM cascades c
         JOIN partnerships p ON p.id = c.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)),
     moves AS (
       UPDATE cascade_moves m SET proposed_before_reason = regexp_replace(m.proposed_before_reason, found.what, '[erased]', 'gi')
         FROM found WHERE m.cascade_id = found.id AND m.proposed_before_reason ~* found.what)
     UPDATE cascades c SET reason = regexp_replace(c.reason, found.what, '[erased]', 'gi'), version = c.version + 1
       FROM found WHERE c.id = found.id AND c.reason ~* found.what
     RETURNING c.id, c.version, c.partnership_id, found.proposer_firm_id, found.recipient_firm_id"
}

/// Takes a person out of the reasons; gives the cascades that were touched.
pub async fn redact(
    tx: &Tx,
    firm_id: Uuid,
    introductions: &[Uuid],
    pattern: Option<&str>,
) -> ApiResult<Vec<Redacted>> {
    let redact = Redact {
        firm_id,
        introductions,
        pattern,
    };
    Ok(redact.load(&mut &**tx).await?)
}

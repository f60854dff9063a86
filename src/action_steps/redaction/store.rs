//! The tables of action steps, as far as a person is taken out of them.

use diesel::Queryable;
use diesel::sql_types::{Array, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// A step from which something was taken.
#[derive(Debug, Queryable)]
pub struct Redacted {
    pub id: Uuid,
    pub version: i32,
    pub partnership_id: Uuid,
    pub proposer_firm_id: Uuid,
    pub recipient_firm_id: Uuid,
}

statement! {
    /// What hangs on the introductions loses all words: there the expression is one that finds everything.
    Redact<'a> {
        firm_id: Uuid => SqlUuid, introductions: &'a [Uuid] => Array<SqlUuid>, pattern: Option<&'a str> => Nullable<Text>,
        now: Timestamp => Timestamptz,
    } -> (SqlUuid, Integer, SqlUuid, SqlUuid, SqlUuid),
    "WITH step AS (
       SELECT s.id, p.proposer_firm_id, p.recipient_firm_id,
              CASE WHEN s.introduction_id = ANY($2) THEN '^.*$' ELSE $3 END AS found
         FROM action_steps s
         JOIN partnerships p ON p.id = s.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)
        WHERE s.introduction_id = ANY($2)
           OR concat_ws(' ', s.title, s.detail, s.topic, s.reason, s.proposed_due_reason) ~* $3
           OR EXISTS (SELECT FROM action_step_moves m WHERE m.step_id = s.id AND m.reason ~* $3)
           OR EXISTS (SELECT FROM action_step_states t WHERE t.step_id = s.id AND t.reason ~* $3)
           OR EXISTS (SELECT FROM action_step_evidence e WHERE e.step_id = s.id AND concat_ws(' ', e.body, e.url) ~* $3)),
     moves AS (
       UPDATE action_step_moves m SET reason = regexp_replace(m.reason, step.found, '[erased]', 'gi')
         FROM step WHERE m.step_id = step.id),
     states AS (
       UPDATE action_step_states t SET reason = regexp_replace(t.reason, step.found, '[erased]', 'gi')
         FROM step WHERE t.step_id = step.id AND t.reason IS NOT NULL),
     evidence AS (
       UPDATE action_step_evidence e
          SET body = regexp_replace(e.body, step.found, '[erased]', 'gi'),
              url = CASE WHEN e.url ~* step.found THEN 'https://erased.invalid/' ELSE e.url END
         FROM step WHERE e.step_id = step.id)
     UPDATE action_steps s
        SET title = regexp_replace(s.title, step.found, '[erased]', 'gi'),
            detail = regexp_replace(s.detail, step.found, '[erased]', 'gi'),
            topic = regexp_replace(s.topic, step.found, '[erased]', 'gi'),
            reason = regexp_replace(s.reason, step.found, '[erased]', 'gi'),
            proposed_due_reason = regexp_replace(s.proposed_due_reason, step.found, '[erased]', 'gi'),
            updated_at = $4, version = s.version + 1
       FROM step WHERE s.id = step.id
     RETURNING s.id, s.version, s.partnership_id, step.proposer_firm_id, step.recipient_firm_id"
}

/// Takes a person out of steps; gives those that were touched.
pub async fn redact(
    tx: &Tx,
    firm_id: Uuid,
    introductions: &[Uuid],
    pattern: Option<&str>,
    now: Timestamp,
) -> ApiResult<Vec<Redacted>> {
    let redact = Redact {
        firm_id,
        introductions,
        pattern,
        now,
    };
    Ok(redact.load(&mut &**tx).await?)
}

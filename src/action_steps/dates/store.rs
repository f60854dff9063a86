//! The table of action steps, as far as dates are given back to them.

use diesel::OptionalExtension;
use diesel::sql_types::{Date as SqlDate, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::StepDates;
use crate::action_steps::model::ActionStep;
use crate::action_steps::store::{Columns, StepRow, view};
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Timestamp};
use crate::statement;

statement! {
    Restore<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, seen_on: Date => SqlDate, seen_proposed: Option<Date> => Nullable<SqlDate>,
        due_on: Date => SqlDate, proposed: Option<Date> => Nullable<SqlDate>, proposed_reason: Option<&'a str> => Nullable<Text>,
        reason: &'a str => Text, actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH old AS (
           SELECT * FROM action_steps
            WHERE id = $2 AND state IN ('proposed', 'planned', 'in_progress')
              AND due_on = $3 AND proposed_due_on IS NOT DISTINCT FROM $4
              AND ($4 IS NOT NULL OR owner_firm_id = $1 OR state = 'proposed') FOR UPDATE),
         told AS (
           INSERT INTO action_step_moves (step_id, version, from_on, to_on, reason, moved_by_firm_id, moved_by, moved_at)
           SELECT id, version + 1, due_on, $5, $8, $1, $9, $10 FROM old WHERE due_on <> $5),
         made AS (
           UPDATE action_steps s
              SET due_on = $5, proposed_due_on = $6, proposed_due_reason = $7, updated_at = $10, version = old.version + 1
             FROM old WHERE s.id = old.id RETURNING s.*) ",
        view!("made")
    )
}

/// Gives an open step other dates, if it has those that were seen. `None` when it has others, or is closed, or when the
/// other party has promised it since: then its date is no more the caller's to move.
pub async fn restore(
    tx: &Tx,
    caller: &Caller,
    (id, seen): (Uuid, &StepDates),
    (before, reason): (&StepDates, &str),
    now: Timestamp,
) -> ApiResult<Option<ActionStep>> {
    let restore = Restore {
        firm_id: caller.firm_id,
        id,
        seen_on: seen.due_on,
        seen_proposed: seen.proposed.as_ref().map(|(on, _)| *on),
        due_on: before.due_on,
        proposed: before.proposed.as_ref().map(|(on, _)| *on),
        proposed_reason: before.proposed.as_ref().map(|(_, why)| why.as_str()),
        reason,
        actor_id: caller.actor_id(),
        now,
    };
    let row: Option<StepRow> = restore.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(ActionStep::from))
}

//! The states of action steps, and the table of their history.

use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::action_steps::model::{ActionStep, StepRecord, StepState, Verb};
use crate::action_steps::store::{Columns, StepRow, view};
use crate::parties::Side;
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::{Date, Timestamp};
use crate::statement;

statement! {
    Accept {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
        seen: Option<i32> => Nullable<Integer>,
    } -> Columns,
    concat!(
        "WITH old AS (
           SELECT * FROM action_steps
            WHERE id = $2 AND owner_firm_id = $1 AND ($5 IS NULL OR version = $5)
              AND (state = 'proposed' OR (state IN ('planned', 'in_progress') AND proposed_due_on IS NOT NULL)) FOR UPDATE),
         dated AS (
           INSERT INTO action_step_moves (step_id, version, from_on, to_on, reason, moved_by_firm_id, moved_by, moved_at)
           SELECT id, version + 1, due_on, proposed_due_on, proposed_due_reason, $1, $3, $4 FROM old WHERE proposed_due_on IS NOT NULL),
         told AS (
           INSERT INTO action_step_states (step_id, version, from_state, to_state, recorded_by_firm_id, recorded_by, recorded_at)
           SELECT id, version + 1, state, 'planned', $1, $3, $4 FROM old WHERE state = 'proposed'),
         made AS (
           UPDATE action_steps s
              SET state = CASE WHEN old.state = 'proposed' THEN 'planned' ELSE old.state END,
                  due_on = coalesce(old.proposed_due_on, old.due_on),
                  promised_on = coalesce(old.promised_on, old.proposed_due_on, old.due_on),
                  proposed_due_on = NULL, proposed_due_reason = NULL, updated_at = $4, version = old.version + 1
             FROM old WHERE s.id = old.id RETURNING s.*) ",
        view!("made")
    )
}

/// Takes on what was proposed: the step, or another date. `None` when nothing is, or when the version that
/// was seen is not the present one.
pub(super) async fn accept(
    tx: &Tx,
    caller: &Caller,
    (id, seen): (Uuid, Option<i32>),
    now: Timestamp,
) -> ApiResult<Option<ActionStep>> {
    let accept = Accept {
        firm_id: caller.firm_id,
        id,
        actor_id: caller.actor_id(),
        now,
        seen,
    };
    let row: Option<StepRow> = accept.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(ActionStep::from))
}

statement! {
    Decline<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, reason: &'a str => Text, actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH old AS (
           SELECT * FROM action_steps
            WHERE id = $2 AND owner_firm_id = $1
              AND (state = 'proposed' OR (state IN ('planned', 'in_progress') AND proposed_due_on IS NOT NULL)) FOR UPDATE),
         told AS (
           INSERT INTO action_step_states (step_id, version, from_state, to_state, reason, recorded_by_firm_id, recorded_by, recorded_at)
           SELECT id, version + 1, state, 'declined', $3, $1, $4, $5 FROM old WHERE state = 'proposed'),
         made AS (
           UPDATE action_steps s
              SET state = CASE WHEN old.state = 'proposed' THEN 'declined' ELSE old.state END,
                  reason = $3,
                  proposed_due_on = NULL, proposed_due_reason = NULL, updated_at = $5, version = old.version + 1
             FROM old WHERE s.id = old.id RETURNING s.*) ",
        view!("made")
    )
}

/// Does not take on what was proposed; the reason stays with the step. `None` when nothing is.
pub(super) async fn decline(
    tx: &Tx,
    caller: &Caller,
    id: Uuid,
    reason: &str,
    now: Timestamp,
) -> ApiResult<Option<ActionStep>> {
    let decline = Decline {
        firm_id: caller.firm_id,
        id,
        reason,
        actor_id: caller.actor_id(),
        now,
    };
    let row: Option<StepRow> = decline.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(ActionStep::from))
}

/// Where a step is to be moved.
pub(super) struct Arrow<'a> {
    id: Uuid,
    from: &'static [StepState],
    to: StepState,
    by_owner: bool,
    reason: Option<&'a str>,
    done_on: Option<Date>,
}

impl<'a> Arrow<'a> {
    /// The arrow of a verb, for the party that sees the step so.
    pub fn of(verb: Verb, step: &ActionStep, reason: Option<&'a str>) -> ApiResult<Self> {
        let arrow = verb.arrow(step.owner);
        let (from, to) = arrow.ok_or_else(|| Error::broken("a verb without an arrow"))?;
        Ok(Self {
            id: step.id,
            from,
            to,
            by_owner: step.owner == Side::Us,
            reason,
            done_on: None,
        })
    }

    /// With when it was done.
    pub fn done_on(self, on: Date) -> Self {
        Self {
            done_on: Some(on),
            ..self
        }
    }
}

statement! {
    Advance<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, actor_id: Uuid => SqlUuid, to: StepState => Text,
        reason: Option<&'a str> => Nullable<Text>, now: Timestamp => Timestamptz, done_on: Option<Date> => Nullable<SqlDate>,
        from: &'a [StepState] => Array<Text>, by_owner: bool => Bool,
    } -> Columns,
    concat!(
        "WITH old AS (
           SELECT * FROM action_steps
            WHERE id = $2 AND state = ANY($8)
              AND CASE WHEN $9 THEN owner_firm_id = $1 ELSE owner_firm_id <> $1 AND proposed_by_firm_id = $1 END FOR UPDATE),
         told AS (
           INSERT INTO action_step_states (step_id, version, from_state, to_state, reason, recorded_by_firm_id, recorded_by, recorded_at)
           SELECT id, version + 1, state, $4, $5, $1, $3, $6 FROM old),
         made AS (
           UPDATE action_steps s
              SET state = $4, reason = $5, done_on = $7, updated_at = $6, version = old.version + 1,
                  cancel_agreed = CASE WHEN $4 = 'cancelled' AND old.promised_on IS NOT NULL THEN false END,
                  proposed_due_on = CASE WHEN $4 = 'in_progress' THEN old.proposed_due_on END,
                  proposed_due_reason = CASE WHEN $4 = 'in_progress' THEN old.proposed_due_reason END
             FROM old WHERE s.id = old.id RETURNING s.*) ",
        view!("made")
    )
}

/// Moves a step along an arrow; `None` when it is not in a state from which the arrow leads.
pub(super) async fn advance(
    tx: &Tx,
    caller: &Caller,
    arrow: Arrow<'_>,
    now: Timestamp,
) -> ApiResult<Option<ActionStep>> {
    let advance = Advance {
        firm_id: caller.firm_id,
        id: arrow.id,
        actor_id: caller.actor_id(),
        to: arrow.to,
        reason: arrow.reason,
        now,
        done_on: arrow.done_on,
        from: arrow.from,
        by_owner: arrow.by_owner,
    };
    let row: Option<StepRow> = advance.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(ActionStep::from))
}

statement! {
    Agree { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE action_steps SET cancel_agreed = true, updated_at = $3, version = version + 1
            WHERE id = $2 AND owner_firm_id <> $1 AND state = 'cancelled' AND NOT cancel_agreed
            RETURNING *) ",
        view!("made")
    )
}

/// Agrees that the owner gave up a promise; `None` when it did not, or when that is agreed.
pub(super) async fn agree(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<ActionStep>> {
    let row: Option<StepRow> = Agree { firm_id, id, now }
        .get_result(&mut &**tx)
        .await
        .optional()?;
    Ok(row.map(ActionStep::from))
}

statement! {
    CancelProposed {
        firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE action_steps
              SET state = 'cancelled', reason = 'The partnership ended.', updated_at = $4, version = version + 1
            WHERE partnership_id = $2 AND state = 'proposed' RETURNING *),
         told AS (
           INSERT INTO action_step_states (step_id, version, from_state, to_state, reason, recorded_by_firm_id, recorded_by, recorded_at)
           SELECT id, version, 'proposed', state, reason, $1, $3, $4 FROM made) ",
        view!("made")
    )
}

/// Cancels the steps of a partnership that were not answered.
pub(super) async fn cancel_proposed(
    tx: &Tx,
    caller: &Caller,
    partnership_id: Uuid,
    now: Timestamp,
) -> ApiResult<Vec<ActionStep>> {
    let cancel = CancelProposed {
        firm_id: caller.firm_id,
        partnership_id,
        actor_id: caller.actor_id(),
        now,
    };
    let rows: Vec<StepRow> = cancel.load(&mut &**tx).await?;
    Ok(rows.into_iter().map(ActionStep::from).collect())
}

#[derive(Debug, Queryable)]
struct RecordRow {
    from_state: Option<StepState>,
    to_state: StepState,
    reason: Option<String>,
    recorded_by_firm_id: Uuid,
    recorded_by: Option<Uuid>,
    recorded_at: Timestamp,
    version: i32,
}

statement! {
    List { step_id: Uuid => SqlUuid, after: i32 => Integer, rows: i64 => BigInt }
        -> (Nullable<Text>, Text, Nullable<Text>, SqlUuid, Nullable<SqlUuid>, Timestamptz, Integer),
    "SELECT from_state, to_state, reason, recorded_by_firm_id, recorded_by, recorded_at, version FROM action_step_states
      WHERE step_id = $1 AND version > $2 ORDER BY version LIMIT $3"
}

/// The states after a version, oldest first.
pub(super) async fn list(
    conn: &Conn,
    step: &ActionStep,
    after: Option<i32>,
    rows: i64,
) -> ApiResult<Vec<StepRecord>> {
    let list = List {
        step_id: step.id,
        after: after.unwrap_or(0),
        rows,
    };
    let rows: Vec<RecordRow> = list.load(&mut &*conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let RecordRow {
                from_state,
                to_state,
                reason,
                recorded_by_firm_id,
                recorded_by,
                recorded_at,
                version,
            } = row;
            StepRecord {
                from_state,
                to_state,
                reason,
                recorded_by_firm_id,
                recorded_by,
                recorded_at,
                version,
            }
        })
        .collect())
}

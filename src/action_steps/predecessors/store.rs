//! The table of what waits for what.

use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::date::Place;
use super::model::Predecessor;
use crate::action_steps::ActionStep;
use crate::action_steps::store::{Columns, StepRow, view};
use crate::platform::db::{Conn, Tx, locks};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Timestamp};
use crate::statement;
use crate::work_calendar::{Lag, LagUnit};

statement! {
    HoldTimeline { number: i64 => BigInt } -> Bool,
    "SELECT true FROM pg_advisory_xact_lock($1)"
}

/// Waits until nobody else changes the order of a timeline, and keeps it so until the transaction ends.
pub async fn hold_timeline(tx: &Tx, partnership_id: Uuid) -> ApiResult<()> {
    let number = locks::number(&format!("timeline {partnership_id}"));
    let _held: bool = HoldTimeline { number }.get_result(&mut &**tx).await?;
    Ok(())
}

statement! {
    List { step_id: Uuid => SqlUuid } -> (SqlUuid, Integer, Text),
    "SELECT predecessor_id, lag_count, lag_unit FROM action_step_predecessors WHERE step_id = $1 ORDER BY predecessor_id"
}

/// What a step waits for.
pub(super) async fn list(conn: &Conn, step_id: Uuid) -> ApiResult<Vec<Predecessor>> {
    let rows: Vec<(Uuid, i32, LagUnit)> = List { step_id }.load(&mut &*conn).await?;
    let one = |(action_step_id, count, unit)| Predecessor {
        action_step_id,
        lag: Lag { count, unit },
    };
    Ok(rows.into_iter().map(one).collect())
}

/// When a step is finished; never, where it keeps nobody waiting.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Finish {
    /// The step.
    pub step_id: Uuid,
    /// When it was done, or is due.
    pub finish_on: Option<Date>,
}

statement! {
    Finishes { ids: Vec<Uuid> => Array<SqlUuid> } -> (SqlUuid, Nullable<SqlDate>),
    "SELECT id, CASE WHEN state = 'done' THEN done_on
                     WHEN state IN ('proposed', 'planned', 'in_progress') THEN due_on END
       FROM action_steps WHERE id = ANY ($1)"
}

/// When each of these is finished.
pub(super) async fn finishes(conn: &Conn, after: &[Predecessor]) -> ApiResult<Vec<Finish>> {
    let ids = after.iter().map(|one| one.action_step_id).collect();
    Ok(Finishes { ids }.load(&mut &*conn).await?)
}

statement! {
    Examine { step_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, ids: Vec<Uuid> => Array<SqlUuid> } -> (SqlUuid, Bool),
    "WITH RECURSIVE before AS (
       SELECT s.id AS root, s.id FROM action_steps s WHERE s.id = ANY ($3) AND s.partnership_id = $2
        UNION
       SELECT b.root, d.predecessor_id FROM before b JOIN action_step_predecessors d ON d.step_id = b.id)
     SELECT root, bool_or(id = $1) FROM before GROUP BY root"
}

/// A step of the partnership, and whether it waits for another, be it by way of others.
#[derive(Clone, Copy, Debug, Queryable)]
pub(super) struct Examined {
    pub step_id: Uuid,
    pub waits: bool,
}

/// Those of these steps that are the partnership's, and whether they wait for this one.
pub(super) async fn examine(
    tx: &Tx,
    place: &Place,
    after: &[Predecessor],
) -> ApiResult<Vec<Examined>> {
    let examine = Examine {
        step_id: place.step_id,
        partnership_id: place.partnership_id,
        ids: after.iter().map(|one| one.action_step_id).collect(),
    };
    Ok(examine.load(&mut &**tx).await?)
}

statement! {
    Insert { step_id: Uuid => SqlUuid, ids: Vec<Uuid> => Array<SqlUuid>, counts: Vec<i32> => Array<Integer>, units: Vec<LagUnit> => Array<Text> } -> Bool,
    "INSERT INTO action_step_predecessors (step_id, predecessor_id, lag_count, lag_unit)
     SELECT $1, i, c, u FROM unnest($2, $3, $4) AS given (i, c, u) RETURNING true"
}

/// Lets a step wait for these.
pub(super) async fn insert(tx: &Tx, step_id: Uuid, after: &[Predecessor]) -> ApiResult<()> {
    let insert = Insert {
        step_id,
        ids: after.iter().map(|one| one.action_step_id).collect(),
        counts: after.iter().map(|one| one.lag.count).collect(),
        units: after.iter().map(|one| one.lag.unit).collect(),
    };
    let _added: Vec<bool> = insert.load(&mut &**tx).await?;
    Ok(())
}

statement! {
    Touch { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, version: i32 => Integer, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE action_steps SET updated_at = $4, version = version + 1
            WHERE id = $2 AND version = $3
              AND ((owner_firm_id = $1 AND state IN ('proposed', 'planned', 'in_progress'))
                OR (proposed_by_firm_id = $1 AND state = 'proposed'))
            RETURNING *),
         gone AS (DELETE FROM action_step_predecessors WHERE step_id IN (SELECT id FROM made)) ",
        view!("made")
    )
}

/// Lets an open step of this version wait for nothing any more, and counts the change; `None` when it has another
/// version or is closed.
pub(super) async fn clear(
    tx: &Tx,
    firm_id: Uuid,
    (id, version): (Uuid, i32),
    now: Timestamp,
) -> ApiResult<Option<ActionStep>> {
    let touch = Touch {
        firm_id,
        id,
        version,
        now,
    };
    let row: Option<StepRow> = touch.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(ActionStep::from))
}

//! The table of decisions.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Decision, PlanDecision};
use crate::parties::{Party, Side};
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// The decisions that the firm `$1` sees.
macro_rules! view {
    () => {
        "SELECT d.id, d.partnership_id, d.firm_id = $1, d.decision, d.reason, d.decided_by, d.decided_at
           FROM plan_decisions d
           JOIN partnerships p ON p.id = d.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)"
    };
}

type Columns = (SqlUuid, SqlUuid, Bool, Text, Text, SqlUuid, Timestamptz);

#[derive(Debug, Queryable)]
struct DecisionRow {
    id: Uuid,
    partnership_id: Uuid,
    is_ours: bool,
    decision: Decision,
    reason: String,
    decided_by: Uuid,
    decided_at: Timestamp,
}

impl From<DecisionRow> for PlanDecision {
    fn from(row: DecisionRow) -> Self {
        Self {
            id: row.id,
            partnership_id: row.partnership_id,
            party: Side::of(row.is_ours),
            decision: row.decision,
            reason: row.reason,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(view!(), " WHERE d.id = $2")
}

pub async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<PlanDecision>> {
    let row: Option<DecisionRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(PlanDecision::from))
}

statement! {
    List {
        firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, before: Option<Uuid> => Nullable<SqlUuid>, rows: i64 => BigInt,
    } -> Columns,
    concat!(view!(), " WHERE d.partnership_id = $2 AND ($3 IS NULL OR d.id < $3) ORDER BY d.id DESC LIMIT $4")
}

/// Those of both parties, newest first.
pub async fn list(
    conn: &Conn,
    (firm_id, partnership_id): (Uuid, Uuid),
    before: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<PlanDecision>> {
    let list = List {
        firm_id,
        partnership_id,
        before,
        rows,
    };
    let rows: Vec<DecisionRow> = list.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(PlanDecision::from).collect())
}

statement! {
    ListNewest { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid } -> Columns,
    concat!(
        view!(),
        " WHERE d.partnership_id = $2 AND NOT EXISTS (
            SELECT FROM plan_decisions l WHERE l.partnership_id = $2 AND l.firm_id = d.firm_id
               AND (l.decided_at, l.id) > (d.decided_at, d.id))"
    )
}

/// The newest of each party.
pub async fn list_newest(
    conn: &Conn,
    (firm_id, partnership_id): (Uuid, Uuid),
) -> ApiResult<Vec<PlanDecision>> {
    let list = ListNewest {
        firm_id,
        partnership_id,
    };
    let rows: Vec<DecisionRow> = list.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(PlanDecision::from).collect())
}

statement! {
    Insert<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, decision: Decision => Text, reason: &'a str => Text,
        decided_by: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    "INSERT INTO plan_decisions (id, partnership_id, firm_id, decision, reason, decided_by, decided_at)
     VALUES ($2, $3, $1, $4, $5, $6, $7)
     RETURNING id, partnership_id, true, decision, reason, decided_by, decided_at"
}

pub async fn insert(
    tx: &Tx,
    caller: &Caller,
    (id, party): (Uuid, &Party),
    (decision, reason): (Decision, &str),
    now: Timestamp,
) -> ApiResult<PlanDecision> {
    let insert = Insert {
        firm_id: party.us,
        id,
        partnership_id: party.partnership_id,
        decision,
        reason,
        decided_by: caller.actor_id(),
        now,
    };
    let row: DecisionRow = insert.get_result(&mut &**tx).await?;
    Ok(row.into())
}

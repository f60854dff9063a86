//! The table of outcomes.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{MeetingOutcome, MeetingOutcomeKind};
use crate::parties::Side;
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// The outcomes of a source that the firm `$1` sees: not those of the other's drafts.
macro_rules! view {
    ($source:literal) => {
        concat!(
            "SELECT o.id, o.meeting_id, m.partnership_id, o.kind, o.action_step_id, o.introduction_id, o.recorded_by_firm_id = $1,
                    o.recorded_by, o.created_at
               FROM ", $source, " o
               JOIN meetings m ON m.id = o.meeting_id
               JOIN partnerships p ON p.id = m.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)
              WHERE (o.introduction_id IS NULL OR EXISTS (
                       SELECT FROM introductions i
                        WHERE i.id = o.introduction_id AND (i.introducer_firm_id = $1 OR i.offered_at IS NOT NULL)))"
        )
    };
}

type Columns = (
    SqlUuid,
    SqlUuid,
    SqlUuid,
    Text,
    Nullable<SqlUuid>,
    Nullable<SqlUuid>,
    Bool,
    SqlUuid,
    Timestamptz,
);

#[derive(Debug, Queryable)]
struct OutcomeRow {
    id: Uuid,
    meeting_id: Uuid,
    partnership_id: Uuid,
    kind: MeetingOutcomeKind,
    action_step_id: Option<Uuid>,
    introduction_id: Option<Uuid>,
    is_ours: bool,
    recorded_by: Uuid,
    created_at: Timestamp,
}

impl From<OutcomeRow> for MeetingOutcome {
    fn from(row: OutcomeRow) -> Self {
        Self {
            id: row.id,
            meeting_id: row.meeting_id,
            partnership_id: row.partnership_id,
            kind: row.kind,
            action_step_id: row.action_step_id,
            introduction_id: row.introduction_id,
            party: Side::of(row.is_ours),
            recorded_by: row.recorded_by,
            created_at: row.created_at,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(view!("meeting_outcomes"), " AND o.id = $2")
}

pub(super) async fn find(
    conn: &Conn,
    firm_id: Uuid,
    id: Uuid,
) -> ApiResult<Option<MeetingOutcome>> {
    let row: Option<OutcomeRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(MeetingOutcome::from))
}

statement! {
    List { firm_id: Uuid => SqlUuid, meeting_id: Uuid => SqlUuid, after: Option<Uuid> => Nullable<SqlUuid>, rows: i64 => BigInt } -> Columns,
    concat!(view!("meeting_outcomes"), " AND o.meeting_id = $2 AND ($3 IS NULL OR o.id > $3) ORDER BY o.id LIMIT $4")
}

/// What came of a meeting, oldest first.
pub(super) async fn list(
    conn: &Conn,
    (firm_id, meeting_id): (Uuid, Uuid),
    after: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<MeetingOutcome>> {
    let list = List {
        firm_id,
        meeting_id,
        after,
        rows,
    };
    let rows: Vec<OutcomeRow> = list.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(MeetingOutcome::from).collect())
}

statement! {
    /// `made` is read, since what a statement writes its other parts do not see.
    Insert {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, meeting_id: Uuid => SqlUuid, kind: MeetingOutcomeKind => Text,
        action_step_id: Option<Uuid> => Nullable<SqlUuid>, introduction_id: Option<Uuid> => Nullable<SqlUuid>,
        actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           INSERT INTO meeting_outcomes (id, meeting_id, kind, action_step_id, introduction_id, recorded_by_firm_id, recorded_by, created_at)
           SELECT $2, h.id, $4, $5, $6, $1, $7, $8 FROM meetings h WHERE h.id = $3 AND h.state IN ('planned', 'held') FOR SHARE
           RETURNING *) ",
        view!("made")
    )
}

/// Records what came of a meeting; `None` where the meeting was skipped or cancelled.
pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    (id, meeting_id): (Uuid, Uuid),
    (kind, made_id): (MeetingOutcomeKind, Uuid),
    now: Timestamp,
) -> ApiResult<Option<MeetingOutcome>> {
    let of = |other| (kind == other).then_some(made_id);
    let insert = Insert {
        firm_id: caller.firm_id,
        id,
        meeting_id,
        kind,
        action_step_id: of(MeetingOutcomeKind::ActionStep),
        introduction_id: of(MeetingOutcomeKind::Introduction),
        actor_id: caller.actor_id(),
        now,
    };
    let row: Option<OutcomeRow> = insert.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(MeetingOutcome::from))
}

statement! {
    TakeAlong { from_id: Uuid => SqlUuid, to_id: Uuid => SqlUuid } -> (SqlUuid, SqlUuid),
    "UPDATE meeting_outcomes SET meeting_id = $2 WHERE meeting_id = $1 RETURNING id, recorded_by_firm_id"
}

/// Moves the outcomes of a meeting to another; gives each with the firm that recorded it.
pub async fn take_along(tx: &Tx, (from_id, to_id): (Uuid, Uuid)) -> ApiResult<Vec<(Uuid, Uuid)>> {
    Ok(TakeAlong { from_id, to_id }.load(&mut &**tx).await?)
}

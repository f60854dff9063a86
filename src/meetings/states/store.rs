//! The states of meetings, and who can have taken part in one.

use diesel::OptionalExtension;
use diesel::sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::meetings::model::{Meeting, MeetingTopic};
use crate::meetings::store::{Columns, Held, shown, view};
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

statement! {
    CountStrangers<'a> { firm_id: Uuid => SqlUuid, members: &'a [Uuid] => Array<SqlUuid> } -> Array<SqlUuid>,
    "SELECT ARRAY(SELECT u.id FROM unnest($2) u(id) WHERE NOT EXISTS (SELECT FROM members m WHERE m.id = u.id AND m.firm_id = $1))"
}

/// Those of these people who are no members of a firm, whether they have left it or not.
pub(super) async fn strangers(
    conn: &Conn,
    firm_id: Uuid,
    members: &[Uuid],
) -> ApiResult<Vec<Uuid>> {
    let count = CountStrangers { firm_id, members };
    Ok(count.get_result(&mut &*conn).await?)
}

statement! {
    Move<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, starts_at: Timestamp => Timestamptz, reason: &'a str => Text,
        now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE meetings SET starts_at = $3, moved_reason = $4, updated_at = $5, version = version + 1
            WHERE id = $2 AND state = 'planned' RETURNING *) ",
        view!("made")
    )
}

/// Gives a planned meeting another time; `None` when it is not planned.
pub(super) async fn reschedule(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    (starts_at, reason): (Timestamp, &str),
    now: Timestamp,
) -> ApiResult<Option<Meeting>> {
    let change = Move {
        firm_id,
        id,
        starts_at,
        reason,
        now,
    };
    let row = change.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(shown))
}

statement! {
    Skip<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, reason: &'a str => Text, actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE meetings SET state = 'skipped', skipped_reason = $3, closed_by = $4, updated_at = $5, version = version + 1
            WHERE id = $2 AND state = 'planned' RETURNING *) ",
        view!("made")
    )
}

/// Leaves a planned meeting out; `None` when it is not planned.
pub(super) async fn skip(
    tx: &Tx,
    caller: &Caller,
    id: Uuid,
    reason: &str,
    now: Timestamp,
) -> ApiResult<Option<Meeting>> {
    let change = Skip {
        firm_id: caller.firm_id,
        id,
        reason,
        actor_id: caller.actor_id(),
        now,
    };
    let row = change.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(shown))
}

statement! {
    Hold<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, held_at: Timestamp => Timestamptz, us: &'a [Uuid] => Array<SqlUuid>,
        them: &'a [Uuid] => Array<SqlUuid>, topics: &'a [MeetingTopic] => Array<Text>, minutes_text: Option<&'a str> => Nullable<Text>,
        actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE meetings h
              SET state = 'held', held_at = $3, topics = $6, minutes_text = coalesce($7, h.minutes_text), closed_by = $8,
                  attended_by_proposer = CASE WHEN o.proposer_firm_id = $1 THEN $4 ELSE $5 END,
                  attended_by_recipient = CASE WHEN o.proposer_firm_id = $1 THEN $5 ELSE $4 END,
                  updated_at = $9, version = h.version + 1
             FROM partnerships o
            WHERE o.id = h.partnership_id AND h.id = $2 AND h.state = 'planned'
              AND ($7 IS NULL OR h.minutes_text IS NULL OR h.minutes_text = $7) RETURNING h.*) ",
        view!("made")
    )
}

/// Records that a planned meeting was held; `None` when it is not planned, or has other minutes.
pub(super) async fn hold(
    tx: &Tx,
    caller: &Caller,
    id: Uuid,
    held: &Held<'_>,
    now: Timestamp,
) -> ApiResult<Option<Meeting>> {
    let change = Hold {
        firm_id: caller.firm_id,
        id,
        held_at: held.held_at,
        us: &held.attendance.us,
        them: &held.attendance.them,
        topics: held.topics,
        minutes_text: held.minutes_text,
        actor_id: caller.actor_id(),
        now,
    };
    let row = change.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(shown))
}

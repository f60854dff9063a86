//! Reads on which days something was done in a partnership, and keeps how alive it was found.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{
    BigInt, Bool, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::parts::{ActiveDay, VitalityLevel};
use crate::parties::Party;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Timestamp};
use crate::statement;

/// Whatever a person or a machine did and both see, of the two years before `$3`: a year of gaps ends with the
/// last active day.
const ACTIVE_DAYS: &str = "
    SELECT d.on_day, bool_or(d.firm_id = $1), bool_or(d.firm_id <> $1)
      FROM (SELECT (a.at AT TIME ZONE 'UTC')::date AS on_day, a.firm_id
              FROM (SELECT s.recorded_at AS at, s.recorded_by_firm_id AS firm_id
                      FROM introductions i JOIN introduction_stages s ON s.introduction_id = i.id
                     WHERE i.partnership_id = $2 AND i.offered_at IS NOT NULL AND s.stage <> 'draft' AND s.recorded_by IS NOT NULL
                     UNION ALL
                    SELECT t.recorded_at, t.recorded_by_firm_id FROM action_steps s JOIN action_step_states t ON t.step_id = s.id
                     WHERE s.partnership_id = $2 AND t.recorded_by IS NOT NULL
                     UNION ALL
                    SELECT m.moved_at, m.moved_by_firm_id FROM action_steps s JOIN action_step_moves m ON m.step_id = s.id
                     WHERE s.partnership_id = $2
                     UNION ALL
                    SELECT v.proposed_at, v.firm_id FROM plan_versions v WHERE v.partnership_id = $2 AND v.proposed_at IS NOT NULL
                     UNION ALL
                    SELECT v.closed_at, CASE v.state WHEN 'withdrawn' THEN v.firm_id
                                             ELSE CASE WHEN v.firm_id = p.proposer_firm_id THEN p.recipient_firm_id ELSE p.proposer_firm_id END END
                      FROM plan_versions v JOIN partnerships p ON p.id = v.partnership_id
                     WHERE v.partnership_id = $2 AND v.closed_at IS NOT NULL
                     UNION ALL
                    SELECT d.decided_at, d.firm_id FROM plan_decisions d WHERE d.partnership_id = $2
                     UNION ALL
                    SELECT w.waived_at, w.firm_id FROM plan_waivers w WHERE w.partnership_id = $2
                     UNION ALL
                    SELECT g.held_at, side.firm_id FROM meetings g JOIN partnerships p ON p.id = g.partnership_id
                      CROSS JOIN LATERAL (VALUES (p.proposer_firm_id), (p.recipient_firm_id)) AS side (firm_id)
                     WHERE g.partnership_id = $2 AND g.held_at IS NOT NULL
                     UNION ALL
                    SELECT t.happened_on::timestamp AT TIME ZONE 'UTC', side.firm_id FROM touchpoints t
                      CROSS JOIN LATERAL (VALUES (t.by_firm_id), (t.to_firm_id)) AS side (firm_id)
                     WHERE t.partnership_id = $2 AND t.state = 'held' AND t.visibility = 'shared' AND t.happened_on <= ($3 AT TIME ZONE 'UTC')::date
                     UNION ALL
                    SELECT c.created_at, c.by_firm_id FROM contributions c WHERE c.partnership_id = $2
                     UNION ALL
                    SELECT c.answered_at, c.to_firm_id FROM contributions c WHERE c.partnership_id = $2 AND c.answered_at IS NOT NULL
                   ) a
             WHERE a.at >= $3 - interval '2 years') d
     GROUP BY d.on_day ORDER BY d.on_day";

/// Whether `$1` has named a contact with a number, and whether the other has.
const NUMBERS: &str = "
    SELECT coalesce(bool_or(c.by_firm_id = $1), false), coalesce(bool_or(c.by_firm_id <> $1), false)
      FROM contacts c WHERE c.partnership_id = $2 AND $1 IN (c.by_firm_id, c.to_firm_id) AND c.phone IS NOT NULL";

/// The statements of the gauge by name, for who asks PostgreSQL how it carries them out.
pub const STATEMENTS: &[(&str, &str)] = &[("active_days", ACTIVE_DAYS), ("numbers", NUMBERS)];

statement! {
    ListActiveDays { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (SqlDate, Bool, Bool),
    ACTIVE_DAYS
}

/// The days on which something was done, in their order.
pub(super) async fn list_active_days(
    conn: &Conn,
    party: &Party,
    now: Timestamp,
) -> ApiResult<Vec<ActiveDay>> {
    let list = ListActiveDays {
        firm_id: party.us,
        partnership_id: party.partnership_id,
        now,
    };
    let rows: Vec<(Date, bool, bool)> = list.load(&mut &*conn).await?;
    let day = |(on, us, them)| ActiveDay { on, us, them };
    Ok(rows.into_iter().map(day).collect())
}

statement! {
    AskNumbers { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid } -> (Bool, Bool),
    NUMBERS
}

/// Whether the firm has told a number, and whether the other has.
pub(super) async fn numbers(conn: &Conn, party: &Party) -> ApiResult<[bool; 2]> {
    let ask = AskNumbers {
        firm_id: party.us,
        partnership_id: party.partnership_id,
    };
    let (us, them): (bool, bool) = ask.get_result(&mut &*conn).await?;
    Ok([us, them])
}

/// How alive a partnership was found.
#[derive(Clone, Copy, Debug, Queryable)]
pub(super) struct Found {
    pub level: VitalityLevel,
    pub since: Timestamp,
}

statement! {
    FindLast { partnership_id: Uuid => SqlUuid } -> (Text, Timestamptz),
    "SELECT level, since FROM vitalities WHERE partnership_id = $1 AND level IS NOT NULL"
}

/// How alive it was when it was last judged; `None` before the first time.
pub(super) async fn find_last(conn: &Conn, partnership_id: Uuid) -> ApiResult<Option<Found>> {
    let last = FindLast { partnership_id }.get_result(&mut &*conn).await;
    Ok(last.optional()?)
}

statement! {
    Enter { now: Timestamp => Timestamptz, rows: i64 => BigInt } -> Integer,
    "INSERT INTO vitalities (partnership_id, judged_at)
     SELECT p.id, '-infinity' FROM partnerships p
      WHERE p.state = 'active' AND p.answered_at <= $1
        AND NOT EXISTS (SELECT FROM vitalities v WHERE v.partnership_id = p.id)
      ORDER BY p.id LIMIT $2
         ON CONFLICT DO NOTHING RETURNING 1"
}

/// Enters partnerships that have not been judged yet; gives how many.
pub(super) async fn enter(tx: &Tx, now: Timestamp, rows: i64) -> ApiResult<usize> {
    let entered: Vec<i32> = Enter { now, rows }.load(&mut &**tx).await?;
    Ok(entered.len())
}

statement! {
    Claim { before: Timestamp => Timestamptz } -> (SqlUuid, SqlUuid),
    "SELECT v.partnership_id, p.proposer_firm_id FROM vitalities v
       JOIN partnerships p ON p.id = v.partnership_id AND p.state = 'active'
      WHERE v.judged_at < $1 ORDER BY v.judged_at LIMIT 1 FOR UPDATE OF v SKIP LOCKED"
}

/// A partnership that was last judged before an instant, and one of its firms; it is held until the transaction
/// ends, and another replica gets another.
pub(super) async fn claim(tx: &Tx, before: Timestamp) -> ApiResult<Option<(Uuid, Uuid)>> {
    let claimed = Claim { before }.get_result(&mut &**tx).await;
    Ok(claimed.optional()?)
}

statement! {
    Keep { partnership_id: Uuid => SqlUuid, level: VitalityLevel => Text, now: Timestamp => Timestamptz } -> (Nullable<Integer>, Bool),
    "UPDATE vitalities v
        SET level = $2, since = CASE WHEN v.level = $2 THEN v.since ELSE $3 END, judged_at = $3,
            version = v.version + CASE WHEN v.level = $2 THEN 0 ELSE 1 END
       FROM (SELECT o.level FROM vitalities o WHERE o.partnership_id = $1) was
      WHERE v.partnership_id = $1
     RETURNING CASE WHEN was.level IS DISTINCT FROM $2 THEN v.version END, was.level IS NULL"
}

/// Keeps how alive a partnership is, which is held; gives the version that a turn made, and whether it was never
/// judged before.
pub(super) async fn keep(
    tx: &Tx,
    partnership_id: Uuid,
    level: VitalityLevel,
    now: Timestamp,
) -> ApiResult<(Option<i32>, bool)> {
    let keep = Keep {
        partnership_id,
        level,
        now,
    };
    Ok(keep.get_result(&mut &**tx).await?)
}

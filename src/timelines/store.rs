//! Reads the steps of a timeline, what waits for what, and the promises that fell due.

use diesel::prelude::Queryable;
use diesel::sql_types::{BigInt, Bool, Date as SqlDate, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schedule::{Link, Network, Task};
use crate::parties::{Party, Side};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::Date;
use crate::reciprocity::Window;
use crate::statement;
use crate::work_calendar::{self, Lag, LagUnit};

statement! {
    ListTasks { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid }
        -> (SqlUuid, Bool, SqlDate, Integer, Nullable<SqlDate>),
    "SELECT s.id, s.owner_firm_id = $1, s.due_on, s.length_days, CASE WHEN s.state = 'done' THEN s.done_on END
       FROM action_steps s
      WHERE s.partnership_id = $2 AND s.state IN ('proposed', 'planned', 'in_progress')
      UNION ALL
     SELECT s.id, s.owner_firm_id = $1, s.due_on, s.length_days, s.done_on
       FROM action_steps s
      WHERE s.partnership_id = $2 AND s.state = 'done'
        AND EXISTS (SELECT FROM action_step_predecessors d WHERE d.predecessor_id = s.id)"
}

type TaskRow = (Uuid, bool, Date, i32, Option<Date>);

statement! {
    ListLinks { partnership_id: Uuid => SqlUuid } -> (SqlUuid, SqlUuid, Integer, Text),
    "SELECT d.predecessor_id, d.step_id, d.lag_count, d.lag_unit
       FROM action_steps s JOIN action_step_predecessors d ON d.step_id = s.id
      WHERE s.partnership_id = $1 AND s.state IN ('proposed', 'planned', 'in_progress')"
}

type LinkRow = (Uuid, Uuid, i32, LagUnit);

/// The open steps of a partnership, those done that they wait for, and the days on which each party works.
pub(super) async fn network(conn: &Conn, party: &Party) -> ApiResult<Network> {
    let (firm_id, partnership_id) = (party.us, party.partnership_id);
    let tasks = ListTasks {
        firm_id,
        partnership_id,
    };
    // Sent together, they take one round trip.
    let (mut one, mut other) = (conn, conn);
    let (tasks, links, calendars) = futures_util::try_join!(
        async { Ok(tasks.load::<TaskRow>(&mut one).await?) },
        async {
            let links = ListLinks { partnership_id };
            Ok(links.load::<LinkRow>(&mut other).await?)
        },
        work_calendar::days_of_both(conn, party)
    )?;
    let task = |(id, ours, due_on, length_days, done_on)| Task {
        id,
        owner: Side::of(ours),
        due_on,
        length_days,
        done_on,
    };
    let link = |(before, after, count, unit)| Link {
        before,
        after,
        lag: Lag { count, unit },
    };
    Ok(Network::new(
        tasks.into_iter().map(task).collect(),
        links.into_iter().map(link).collect(),
        calendars,
    ))
}

/// Promises that fell due from `$3` until before `$4`, by party and member. What both agreed to give up is none.
const PROMISES: &str = "SELECT s.owner_firm_id = $1, s.owner_member_id, count(*),
            count(*) FILTER (WHERE s.state = 'done' AND s.done_on <= s.promised_on),
            count(*) FILTER (WHERE s.state = 'done' AND s.done_on > s.promised_on),
            count(*) FILTER (WHERE s.state IN ('planned', 'in_progress'))
       FROM action_steps s
      WHERE s.partnership_id = $2 AND s.promised_on >= $3 AND s.promised_on < $4 AND s.cancel_agreed IS DISTINCT FROM true
      GROUP BY 1, 2 ORDER BY 1 DESC, 2";

/// The statements of timelines that reports make, by name, for who asks PostgreSQL how it carries them out.
pub const STATEMENTS: &[(&str, &str)] = &[("promises", PROMISES)];

/// How many promises of a member fell due, and how many of these were kept.
#[derive(Clone, Copy, Debug, Queryable)]
pub(super) struct Promised {
    pub is_ours: bool,
    pub member_id: Option<Uuid>,
    pub due: i64,
    pub kept: i64,
    pub late: i64,
    pub open: i64,
}

statement! {
    CountPromises { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, from: Date => SqlDate, to: Date => SqlDate }
        -> (Bool, Nullable<SqlUuid>, BigInt, BigInt, BigInt, BigInt),
    PROMISES
}

/// The promises of a partnership that fell due in `[from, to)`, by party and member.
pub(super) async fn count_promises(
    conn: &Conn,
    party: &Party,
    Window { from, to }: Window,
) -> ApiResult<Vec<Promised>> {
    let count = CountPromises {
        firm_id: party.us,
        partnership_id: party.partnership_id,
        from,
        to,
    };
    Ok(count.load(&mut &*conn).await?)
}

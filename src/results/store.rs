//! Reads what the records of a partnership show, day by day.

use diesel::prelude::Queryable;
use diesel::sql_types::{BigInt, Bool, Date as SqlDate, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::tally::{Day, Fact, Records, Reported};
use crate::parties::Party;
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::{Currency, Date};
use crate::statement;

/// An introduction came so far on the first date that says so: a stage may be skipped, or reported late.
const DAYS: &str = "
    WITH entries AS MATERIALIZED (
      SELECT i.introducer_firm_id = $1 AS is_ours, i.reached, (i.offered_at AT TIME ZONE 'UTC')::date AS offered_on,
             least(i.accepted_on, i.introduced_on, i.meeting_set_on, i.met_on, i.engaged_on) AS accepted_on, i.engaged_on,
             i.realised_minor, i.realised_currency
        FROM introductions i WHERE i.partnership_id = $2 AND i.offered_at IS NOT NULL)
    SELECT 'offered', is_ours, offered_on, NULL::text, count(*) FROM entries GROUP BY is_ours, offered_on
     UNION ALL
    SELECT 'accepted', is_ours, accepted_on, NULL, count(*) FROM entries
     WHERE reached <> 'offered' AND accepted_on IS NOT NULL GROUP BY is_ours, accepted_on
     UNION ALL
    SELECT 'engaged', is_ours, engaged_on, NULL, count(*) FROM entries
     WHERE reached = 'engaged' AND engaged_on IS NOT NULL GROUP BY is_ours, engaged_on
     UNION ALL
    SELECT 'realised', is_ours, engaged_on, realised_currency, least(sum(realised_minor), 9223372036854775807)::bigint FROM entries
     WHERE reached = 'engaged' AND engaged_on IS NOT NULL AND realised_currency IS NOT NULL GROUP BY is_ours, engaged_on, realised_currency
     UNION ALL
    SELECT 'steps_kept', s.owner_firm_id = $1, s.done_on, NULL, count(*) FROM action_steps s
     WHERE s.partnership_id = $2 AND s.state = 'done' AND s.done_on <= s.promised_on GROUP BY s.owner_firm_id, s.done_on
     UNION ALL
    SELECT 'conversations_kept', true, (g.held_at AT TIME ZONE 'UTC')::date, NULL, count(*) FROM meetings g
     WHERE g.partnership_id = $2 AND g.state = 'held' GROUP BY 3";

const REPORTED: &str = "
    SELECT DISTINCT ON (r.key, r.measured_on) r.key, r.measured_on, r.figure FROM metric_readings r
     WHERE r.partnership_id = $1 ORDER BY r.key, r.measured_on, r.created_at DESC, r.id DESC";

const OUTCOMES: &str = "
    SELECT i.introducer_firm_id = $1, count(*) FILTER (WHERE i.reached IN ('met', 'engaged')), count(i.outcome_at), count(i.outcome_rating),
           coalesce(sum(i.outcome_rating), 0)::bigint
      FROM introductions i WHERE i.partnership_id = $2 AND i.offered_at IS NOT NULL GROUP BY 1";

/// The statements of the results by name, for who asks PostgreSQL how it carries them out.
pub const STATEMENTS: &[(&str, &str)] = &[
    ("days", DAYS),
    ("reported", REPORTED),
    ("outcomes", OUTCOMES),
];

statement! {
    ListDays { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid } -> (Text, Bool, SqlDate, Nullable<Text>, BigInt),
    DAYS
}

type DayRow = (Fact, bool, Date, Option<Currency>, i64);

statement! {
    ListReported { partnership_id: Uuid => SqlUuid } -> (Text, SqlDate, BigInt),
    REPORTED
}

statement! {
    CountOutcomes { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid } -> (Bool, BigInt, BigInt, BigInt, BigInt),
    OUTCOMES
}

/// What became of the clients that one party introduced.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Outcomes {
    /// Whether that is the caller's.
    pub is_given: bool,
    /// How many met the receiver.
    pub met: i64,
    /// Of how many it is told what they gained.
    pub told: i64,
    /// How many gave a rating.
    pub rated: i64,
    /// All ratings together.
    pub ratings: i64,
}

/// What the records of a partnership show.
pub(super) async fn read(conn: &Conn, party: &Party) -> ApiResult<(Records, Vec<Outcomes>)> {
    let (firm_id, partnership_id) = (party.us, party.partnership_id);
    let days = ListDays {
        firm_id,
        partnership_id,
    };
    let outcomes = CountOutcomes {
        firm_id,
        partnership_id,
    };
    // Sent together, they take one round trip.
    let (mut one, mut other, mut third) = (conn, conn, conn);
    let (days, reported, outcomes) = futures_util::try_join!(
        days.load::<DayRow>(&mut one),
        ListReported { partnership_id }.load::<(String, Date, i64)>(&mut other),
        outcomes.load::<Outcomes>(&mut third)
    )?;
    let day = |(fact, is_ours, on, currency, amount)| Day {
        fact,
        is_ours,
        on,
        currency,
        amount,
    };
    let one = |(key, on, figure)| Reported { key, on, figure };
    let records = Records {
        days: days.into_iter().map(day).collect(),
        reported: reported.into_iter().map(one).collect(),
    };
    Ok((records, outcomes))
}

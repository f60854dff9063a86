//! Counts what is open and what moved, in the covering index of the ledger alone.

use std::collections::BTreeMap;

use diesel::prelude::Queryable;
use diesel::sql_types::{
    BigInt, Bool, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Asked, Counted, Open};
use crate::fit::FitBand;
use crate::introductions::{Direction, Stage};
use crate::parties::joined;
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::{Currency, Date, Timestamp};
use crate::reciprocity::ReachedStage;
use crate::statement;

/// The partnerships of the firm `$1`, each with what is said of its introductions: of one partnership `$2`
/// and one direction `$3` where they are given.
macro_rules! each {
    ($columns:expr, $which:literal) => {
        concat!(
            "FROM ",
            joined!(),
            " p CROSS JOIN LATERAL (SELECT i.introducer_firm_id = $1 AS is_given, ",
            $columns,
            " FROM introductions i
               WHERE i.partnership_id = p.id AND ($3 IS NULL OR (i.introducer_firm_id = $1) = $3) AND ",
            $which,
            " OFFSET 0) m WHERE ($2 IS NULL OR p.id = $2)"
        )
    };
}

/// The days between two dates, never less than none: they are told by two calendars. Null where one is not known.
macro_rules! days {
    ($from:literal, $to:literal) => {
        concat!(
            "CASE WHEN ",
            $to,
            " < ",
            $from,
            " THEN 0 ELSE ",
            $to,
            " - ",
            $from,
            " END"
        )
    };
}

/// By partner and fit, and by age; a draft is the introducer's alone.
const OPEN: &str = concat!(
    "SELECT p.id, p.partner_id, m.is_given, m.stage, m.expected_currency, m.fit_band, m.age, count(*),
            least(sum(m.expected_minor), 9223372036854775807)::bigint, max(m.age) ",
    each!(
        "i.stage, i.fit_band, greatest($4 - i.occurred_on, 0) AS age, i.expected_currency, i.expected_minor",
        "i.stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met')
         AND (i.offered_at IS NOT NULL OR i.introducer_firm_id = $1)"
    ),
    " GROUP BY GROUPING SETS ((p.id, p.partner_id, m.is_given, m.stage, m.expected_currency, m.fit_band), (m.is_given, m.stage, m.age))"
);

/// How far they came, and how long each took from stage to stage. The number tells which of the two, and
/// between which stages: it has a bit for each of the columns that a row is not about.
const MOVED: &str = concat!(
    "SELECT m.is_given, GROUPING(m.reached, m.to_accepted, m.to_introduced, m.to_meeting_set, m.to_met, m.to_engaged), m.reached,
            coalesce(m.to_accepted, m.to_introduced, m.to_meeting_set, m.to_met, m.to_engaged), count(*) ",
    each!(
        concat!(
            "i.reached, ", days!("(i.offered_at AT TIME ZONE 'UTC')::date", "i.accepted_on"), " AS to_accepted, ",
            days!("i.accepted_on", "i.introduced_on"), " AS to_introduced, ",
            days!("i.introduced_on", "i.meeting_set_on"), " AS to_meeting_set, ",
            days!("i.meeting_set_on", "i.met_on"), " AS to_met, ", days!("i.met_on", "i.engaged_on"), " AS to_engaged"
        ),
        "i.offered_at >= $4 AND i.offered_at < $5"
    ),
    " GROUP BY GROUPING SETS ((m.is_given, m.reached), (m.is_given, m.to_accepted), (m.is_given, m.to_introduced),
                              (m.is_given, m.to_meeting_set), (m.is_given, m.to_met), (m.is_given, m.to_engaged))"
);

const ANSWERED: &str = concat!(
    "SELECT m.is_given, count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY m.seconds) ",
    each!(
        "floor(extract(epoch FROM i.answered_at))::bigint - floor(extract(epoch FROM i.offered_at))::bigint AS seconds",
        "i.offered_at >= $4 AND i.offered_at < $5 AND i.answered_at IS NOT NULL"
    ),
    " GROUP BY m.is_given"
);

/// The statements of the pipeline by name, for who asks PostgreSQL how it carries them out.
pub const STATEMENTS: &[(&str, &str)] = &[("open", OPEN), ("moved", MOVED), ("answered", ANSWERED)];

statement! {
    ListOpen { firm_id: Uuid => SqlUuid, partnership_id: Option<Uuid> => Nullable<SqlUuid>, is_given: Option<bool> => Nullable<Bool>, today: Date => SqlDate }
        -> (Nullable<SqlUuid>, Nullable<SqlUuid>, Bool, Text, Nullable<Text>, Nullable<Text>, Nullable<Integer>, BigInt, Nullable<BigInt>, Nullable<Integer>),
    OPEN
}

#[derive(Debug, Queryable)]
struct OpenRow {
    partnership_id: Option<Uuid>,
    partner_firm_id: Option<Uuid>,
    is_given: bool,
    stage: Stage,
    currency: Option<Currency>,
    fit: Option<FitBand>,
    age: Option<i32>,
    count: i64,
    expected_minor: Option<i64>,
    oldest: Option<i32>,
}

statement! {
    ListMoved {
        firm_id: Uuid => SqlUuid, partnership_id: Option<Uuid> => Nullable<SqlUuid>, is_given: Option<bool> => Nullable<Bool>,
        from: Timestamp => Timestamptz, to: Timestamp => Timestamptz,
    } -> (Bool, Integer, Nullable<Text>, Nullable<Integer>, BigInt),
    MOVED
}

type Moved = (bool, i32, Option<ReachedStage>, Option<i32>, i64);

statement! {
    ListAnswered {
        firm_id: Uuid => SqlUuid, partnership_id: Option<Uuid> => Nullable<SqlUuid>, is_given: Option<bool> => Nullable<Bool>,
        from: Timestamp => Timestamptz, to: Timestamp => Timestamptz,
    } -> (Bool, BigInt, Nullable<BigInt>),
    ANSWERED
}

type Answered = (bool, i64, Option<i64>);

/// Counts the pipeline of a firm.
pub(super) async fn count(conn: &Conn, firm_id: Uuid, asked: Asked) -> ApiResult<Counted> {
    let (from, to) = asked.window.instants();
    let partnership_id = asked.partnership_id;
    let is_given = asked
        .direction
        .map(|direction| direction == Direction::Given);
    let open = ListOpen {
        firm_id,
        partnership_id,
        is_given,
        today: asked.today,
    };
    let moved = ListMoved {
        firm_id,
        partnership_id,
        is_given,
        from,
        to,
    };
    let answered = ListAnswered {
        firm_id,
        partnership_id,
        is_given,
        from,
        to,
    };
    // Sent together, they take one round trip.
    let (mut one, mut other, mut third) = (conn, conn, conn);
    let (open, moved, answered) = futures_util::try_join!(
        open.load::<OpenRow>(&mut one),
        moved.load::<Moved>(&mut other),
        answered.load::<Answered>(&mut third)
    )?;
    let mut counted = Counted::default();
    open.into_iter()
        .for_each(|row| enter_open(&mut counted, row));
    moved
        .into_iter()
        .for_each(|row| enter_moved(&mut counted, row));
    for (is_given, count, median) in answered {
        let answered = (count, median);
        counted.answered.insert(Direction::of(is_given), answered);
    }
    Ok(counted)
}

fn enter_open(counted: &mut Counted, row: OpenRow) {
    let direction = Direction::of(row.is_given);
    match (row.partnership_id.zip(row.partner_firm_id), row.age) {
        (Some((partnership_id, partner_firm_id)), _) => counted.open.push(Open {
            partnership_id,
            partner_firm_id,
            direction,
            stage: row.stage,
            fit: row.fit,
            count: row.count,
            expected: row.currency.zip(row.expected_minor),
            oldest: row.oldest.map_or(0, i64::from),
        }),
        (None, age) => {
            let ages = counted.ages.entry((direction, row.stage)).or_default();
            *ages.entry(age.map_or(0, i64::from)).or_default() += row.count;
        }
    }
}

fn enter_moved(counted: &mut Counted, (is_given, grouping, reached, days, count): Moved) {
    let direction = Direction::of(is_given);
    if let Some(reached) = reached {
        counted.reached.insert((direction, reached), count);
        return;
    }
    let to = match 0b11_1111 & !grouping {
        0b01_0000 => ReachedStage::Accepted,
        0b00_1000 => ReachedStage::Introduced,
        0b00_0100 => ReachedStage::MeetingSet,
        0b00_0010 => ReachedStage::Met,
        0b00_0001 => ReachedStage::Engaged,
        _ => return,
    };
    if let Some(days) = days {
        let took: &mut BTreeMap<i64, i64> = counted.days.entry((direction, to)).or_default();
        *took.entry(days.into()).or_default() += count;
    }
}

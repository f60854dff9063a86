//! Reads the ledger: introductions and contributions of the partnerships of a firm, added up where they are.
//!
//! What is asked of introductions stands in one covering index, by partnership and date. A firm's report
//! reads it once for each of its partnerships, in a subquery that is fenced off, so that no plan reads the
//! whole table for a firm that has many.

use diesel::prelude::Queryable;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::contributions::ContributionKind;
use super::diagnosis::{Evidence, Part};
use super::entries::ReciprocityEntry;
use super::model::{CountedOn, ReachedStage};
use super::shown::Partner;
use super::tally::{Cell, Ledgers};
use super::window::Window;
use crate::introductions::{Direction, ReasonCode, Stage};
use crate::parties::{PartnershipState, Party, joined};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::{Currency, Date, Money, TimeZone, Timestamp};
use crate::statement;

/// The entries of a partnership from `$2` until before `$3`, as the firm `$1` sees them.
macro_rules! entered {
    ($partnership:literal) => {
        concat!(
            "SELECT i.partnership_id, date_trunc('month', i.offered_at AT TIME ZONE 'UTC')::date AS month,
                    i.introducer_firm_id = $1 AS is_given, i.reached, i.expected_minor, i.expected_currency,
                    i.realised_minor, i.realised_currency, i.offered_at
               FROM introductions i
              WHERE i.partnership_id = ", $partnership, " AND i.offered_at >= $2 AND i.offered_at < $3 OFFSET 0"
        )
    };
}

/// Entries that are alike, added up: those of a partnership, and those of a month.
macro_rules! cells {
    ($entries:expr) => {
        concat!(
            "SELECT e.partnership_id, e.month, e.is_given, e.reached, e.expected_currency, e.realised_currency, count(*),
                    least(sum(e.expected_minor), 9223372036854775807)::bigint,
                    least(sum(e.realised_minor), 9223372036854775807)::bigint, max(e.offered_at)
               FROM ", $entries, " e
              GROUP BY GROUPING SETS ((e.partnership_id, e.is_given, e.reached, e.expected_currency, e.realised_currency),
                                      (e.month, e.is_given, e.reached))"
        )
    };
}

macro_rules! contributed {
    ($partnership:literal) => {
        concat!(
            "SELECT c.partnership_id, c.by_firm_id = $1 AS is_given, c.kind, count(*) AS count
               FROM contributions c
              WHERE c.partnership_id = ",
            $partnership,
            " AND c.happened_on >= $2 AND c.happened_on < $3 AND c.state = 'confirmed'
              GROUP BY 1, 2, 3"
        )
    };
}

const LEDGER: &str = cells!(concat!("(", entered!("$4"), ")"));
const FIRM_LEDGER: &str = cells!(concat!(
    "(SELECT m.* FROM ",
    joined!(),
    " p CROSS JOIN LATERAL (",
    entered!("p.id"),
    ") m)"
));
const CONTRIBUTED: &str = contributed!("$4");
const FIRM_CONTRIBUTED: &str = concat!(
    "SELECT m.* FROM ",
    joined!(),
    " p CROSS JOIN LATERAL (",
    contributed!("p.id"),
    ") m"
);
/// The date on which an introduction came as far as one of the stages `$7`: a stage that was skipped has none.
macro_rules! came_so_far {
    () => {
        "least(CASE WHEN 'offered' = ANY($7) THEN (i.offered_at AT TIME ZONE 'UTC')::date END,
               CASE WHEN 'accepted' = ANY($7) THEN i.accepted_on END, CASE WHEN 'introduced' = ANY($7) THEN i.introduced_on END,
               CASE WHEN 'meeting_set' = ANY($7) THEN i.meeting_set_on END, CASE WHEN 'met' = ANY($7) THEN i.met_on END,
               i.engaged_on)"
    };
}

/// The last row of the page before is told by its id: after it come those that were offered earlier.
const ENTRIES: &str = concat!(
    "SELECT m.id, x.reference, m.partnership_id, m.partner_id, m.introducer_firm_id = $1, m.stage, m.reached, m.reason, m.occurred_on,
            m.offered_at, m.answered_at, m.accepted_on, m.introduced_on, m.meeting_set_on, m.met_on, m.engaged_on,
            m.expected_minor, m.expected_currency, m.realised_minor, m.realised_currency, m.core_story_id
       FROM (SELECT e.*, p.partner_id FROM ", joined!(), " p
              CROSS JOIN LATERAL (
                SELECT i.id, i.partnership_id, i.introducer_firm_id, i.stage, i.reached, i.reason, i.occurred_on, i.offered_at,
                       i.answered_at, i.accepted_on, i.introduced_on, i.meeting_set_on, i.met_on, i.engaged_on,
                       i.expected_minor, i.expected_currency, i.realised_minor, i.realised_currency, i.core_story_id
                  FROM introductions i
                 WHERE i.partnership_id = p.id AND i.offered_at >= $2 AND i.offered_at < $3
                   AND (i.offered_at, i.id) < (coalesce((SELECT l.offered_at FROM introductions l WHERE l.id = $4), $3),
                                               coalesce($4, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
                   AND ($6 IS NULL OR (i.introducer_firm_id = $1) = $6) AND i.reached = ANY($7)
                   AND ($8 IS NULL OR i.stage = $8) AND ($9 IS NULL OR i.reason = $9)
                   AND ($11 IS NULL OR (i.core_story_id IS NOT NULL) = $11)
                   AND ($12 IS NULL OR (", came_so_far!(), " >= $12 AND ", came_so_far!(), " < $13))
                 ORDER BY i.offered_at DESC, i.id DESC LIMIT $10) e
              WHERE $5 IS NULL OR p.id = $5
              ORDER BY e.offered_at DESC, e.id DESC LIMIT $10) m
       JOIN introductions x ON x.id = m.id
      ORDER BY m.offered_at DESC, m.id DESC"
);

/// The steps are those that may be late somewhere, in their order. What ran out by itself is no activity.
const EVIDENCE: &str =
    "SELECT i.declined, i.not_a_fit, i.introduced, i.untold, s.promised, s.ids, s.dues, s.ours, greatest(i.last_on, s.last_on, c.last_on),
            us.time_zone, them.time_zone
       FROM (SELECT count(*) FILTER (WHERE i.stage = 'declined' AND i.offered_at >= $2 AND i.offered_at < $3) AS declined,
                    count(*) FILTER (WHERE i.stage = 'declined' AND i.offered_at >= $2 AND i.offered_at < $3
                                       AND i.reason = 'not_a_fit') AS not_a_fit,
                    count(*) FILTER (WHERE i.reached IN ('introduced', 'meeting_set', 'met', 'engaged') AND i.offered_at >= $2 AND i.offered_at < $3) AS introduced,
                    count(*) FILTER (WHERE i.reached IN ('introduced', 'meeting_set', 'met', 'engaged') AND i.offered_at >= $2 AND i.offered_at < $3
                                       AND i.core_story_id IS NULL) AS untold,
                    max(CASE i.stage WHEN 'expired' THEN (i.offered_at AT TIME ZONE 'UTC')::date ELSE i.occurred_on END) AS last_on
               FROM introductions i WHERE i.partnership_id = $4 AND i.offered_at IS NOT NULL) i
      CROSS JOIN (SELECT count(*) FILTER (WHERE s.promised_on IS NOT NULL) AS promised,
                         coalesce(array_agg(s.id ORDER BY s.due_on, s.id) FILTER (WHERE due.it), '{}') AS ids,
                         coalesce(array_agg(s.due_on ORDER BY s.due_on, s.id) FILTER (WHERE due.it), '{}') AS dues,
                         coalesce(array_agg(s.owner_firm_id = $1 ORDER BY s.due_on, s.id) FILTER (WHERE due.it), '{}') AS ours,
                         (max(s.updated_at) AT TIME ZONE 'UTC')::date AS last_on
                    FROM action_steps s
                   CROSS JOIN LATERAL (SELECT s.state IN ('planned', 'in_progress') AND s.due_on < $6 AS it) due
                   WHERE s.partnership_id = $4) s
      CROSS JOIN (SELECT (max(c.updated_at) AT TIME ZONE 'UTC')::date AS last_on FROM contributions c WHERE c.partnership_id = $4) c
       JOIN firms us ON us.id = $1
       JOIN firms them ON them.id = $5";

/// The statements of the reports by name, for who asks PostgreSQL how it carries them out.
pub const STATEMENTS: &[(&str, &str)] = &[
    ("ledger", LEDGER),
    ("firm_ledger", FIRM_LEDGER),
    ("contributed", CONTRIBUTED),
    ("firm_contributed", FIRM_CONTRIBUTED),
    ("entries", ENTRIES),
    ("evidence", EVIDENCE),
];

type CellColumns = (
    Nullable<SqlUuid>,
    Nullable<SqlDate>,
    Bool,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    BigInt,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Timestamptz,
);

#[derive(Debug, Queryable)]
struct CellRow {
    partnership_id: Option<Uuid>,
    month: Option<Date>,
    is_given: bool,
    reached: ReachedStage,
    expected_currency: Option<Currency>,
    realised_currency: Option<Currency>,
    count: i64,
    expected_minor: Option<i64>,
    realised_minor: Option<i64>,
    last_offered_at: Timestamp,
}

type ContributedColumns = (SqlUuid, Bool, Text, BigInt);
type Contributed = (Uuid, bool, ContributionKind, i64);

fn ledgers(cells: Vec<CellRow>, contributed: Vec<Contributed>) -> Ledgers {
    let mut ledgers = Ledgers::default();
    for row in cells {
        let cell = Cell {
            direction: Direction::of(row.is_given),
            reached: row.reached,
            count: row.count,
            expected: row.expected_currency.zip(row.expected_minor),
            realised: row.realised_currency.zip(row.realised_minor),
            last_offered_at: row.last_offered_at,
        };
        if let Some(id) = row.partnership_id {
            ledgers.partnerships.entry(id).or_default().enter(&cell);
        } else if let Some(month) = row.month {
            ledgers.months.entry(month).or_default().enter(&cell);
        }
    }
    for (id, is_given, kind, count) in contributed {
        let ledger = ledgers.partnerships.entry(id).or_default();
        ledger.contribute(Direction::of(is_given), kind, count);
    }
    ledgers
}

statement! {
    Ledger { firm_id: Uuid => SqlUuid, from: Timestamp => Timestamptz, to: Timestamp => Timestamptz, partnership_id: Uuid => SqlUuid } -> CellColumns,
    LEDGER
}

statement! {
    Contributions { firm_id: Uuid => SqlUuid, from: Date => SqlDate, to: Date => SqlDate, partnership_id: Uuid => SqlUuid } -> ContributedColumns,
    CONTRIBUTED
}

/// The ledger of one partnership, as a party sees it.
pub async fn ledger(conn: &Conn, party: &Party, window: Window) -> ApiResult<Ledgers> {
    let (from, to) = window.instants();
    let cells = Ledger {
        firm_id: party.us,
        from,
        to,
        partnership_id: party.partnership_id,
    };
    let contributed = Contributions {
        firm_id: party.us,
        from: window.from,
        to: window.to,
        partnership_id: party.partnership_id,
    };
    // Sent together, they take one round trip.
    let (mut one, mut other) = (conn, conn);
    let (cells, contributed) = futures_util::try_join!(
        cells.load::<CellRow>(&mut one),
        contributed.load::<Contributed>(&mut other)
    )?;
    Ok(ledgers(cells, contributed))
}

statement! {
    FirmLedger { firm_id: Uuid => SqlUuid, from: Timestamp => Timestamptz, to: Timestamp => Timestamptz } -> CellColumns,
    FIRM_LEDGER
}

statement! {
    FirmContributions { firm_id: Uuid => SqlUuid, from: Date => SqlDate, to: Date => SqlDate } -> ContributedColumns,
    FIRM_CONTRIBUTED
}

statement! {
    Partners { firm_id: Uuid => SqlUuid } -> (SqlUuid, SqlUuid, Text),
    concat!("SELECT p.id, p.partner_id, p.state FROM ", joined!(), " p ORDER BY p.id")
}

/// The ledgers of a firm, and the partnerships that it has.
pub(super) async fn firm_ledger(
    conn: &Conn,
    firm_id: Uuid,
    window: Window,
) -> ApiResult<(Ledgers, Vec<Partner>)> {
    let (from, to) = window.instants();
    let cells = FirmLedger { firm_id, from, to };
    let contributed = FirmContributions {
        firm_id,
        from: window.from,
        to: window.to,
    };
    let (mut one, mut other, mut third) = (conn, conn, conn);
    let (cells, contributed, partners) = futures_util::try_join!(
        cells.load::<CellRow>(&mut one),
        contributed.load::<Contributed>(&mut other),
        Partners { firm_id }.load::<(Uuid, Uuid, PartnershipState)>(&mut third)
    )?;
    let partner = |(partnership_id, partner_firm_id, state)| Partner {
        partnership_id,
        partner_firm_id,
        state,
    };
    let partners = partners.into_iter().map(partner).collect();
    Ok((ledgers(cells, contributed), partners))
}

statement! {
    FindEvidence {
        firm_id: Uuid => SqlUuid, from: Timestamp => Timestamptz, to: Timestamp => Timestamptz, partnership_id: Uuid => SqlUuid,
        partner_id: Uuid => SqlUuid, due_before: Date => SqlDate,
    } -> (BigInt, BigInt, BigInt, BigInt, BigInt, Array<SqlUuid>, Array<SqlDate>, Array<Bool>, Nullable<SqlDate>, Text, Text),
    EVIDENCE
}

#[derive(Debug, Queryable)]
struct EvidenceRow {
    declined: i64,
    not_a_fit: i64,
    introduced: i64,
    untold: i64,
    promised: i64,
    steps: Vec<Uuid>,
    dues: Vec<Date>,
    ours: Vec<bool>,
    last_activity_on: Option<Date>,
    our_zone: TimeZone,
    their_zone: TimeZone,
}

impl EvidenceRow {
    /// The steps of one side that are past their date in the zone of that side.
    fn overdue(&self, of_us: bool, now: Timestamp) -> Vec<Uuid> {
        let zone = if of_us {
            &self.our_zone
        } else {
            &self.their_zone
        };
        let today = now.date_in(zone);
        let steps = self.steps.iter().zip(&self.dues).zip(&self.ours);
        steps
            .filter(|((_, due), ours)| **ours == of_us && **due < today)
            .map(|((id, _), _)| *id)
            .collect()
    }
}

/// What the records of a partnership show besides its ledger.
pub(super) async fn find_evidence(
    conn: &Conn,
    party: &Party,
    window: Window,
    now: Timestamp,
    today: Date,
) -> ApiResult<Evidence> {
    let (from, to) = window.instants();
    let find = FindEvidence {
        firm_id: party.us,
        from,
        to,
        partnership_id: party.partnership_id,
        partner_id: party.them,
        // No zone is more than a day ahead of UTC.
        due_before: today.plus_days(1),
    };
    let row: EvidenceRow = find.get_result(&mut &*conn).await?;
    Ok(Evidence {
        today,
        sections: None,
        not_a_fit: Part {
            count: row.not_a_fit,
            of: row.declined,
            records: String::new(),
        },
        untold: Part {
            count: row.untold,
            of: row.introduced,
            records: String::new(),
        },
        promised: row.promised,
        overdue_of_us: row.overdue(true, now),
        overdue_of_them: row.overdue(false, now),
        last_activity_on: row.last_activity_on,
    })
}

/// Which entries.
#[derive(Clone, Copy, Debug)]
pub(super) struct EntryFilter {
    pub window: Window,
    pub partnership_id: Option<Uuid>,
    pub direction: Option<Direction>,
    pub reached: Option<ReachedStage>,
    pub stage: Option<Stage>,
    pub reason: Option<ReasonCode>,
    pub core_story_told: Option<bool>,
    pub counted_on: CountedOn,
    pub after: Option<Uuid>,
    pub rows: i64,
}

statement! {
    Entries {
        firm_id: Uuid => SqlUuid, from: Timestamp => Timestamptz, to: Timestamp => Timestamptz, after: Option<Uuid> => Nullable<SqlUuid>,
        partnership_id: Option<Uuid> => Nullable<SqlUuid>, is_given: Option<bool> => Nullable<Bool>,
        reached: Vec<ReachedStage> => Array<Text>, stage: Option<Stage> => Nullable<Text>, reason: Option<ReasonCode> => Nullable<Text>,
        rows: i64 => BigInt, core_story_told: Option<bool> => Nullable<Bool>, from_on: Option<Date> => Nullable<SqlDate>, to_on: Option<Date> => Nullable<SqlDate>,
    } -> EntryColumns,
    ENTRIES
}

type EntryColumns = (
    (
        SqlUuid,
        Text,
        SqlUuid,
        SqlUuid,
        Bool,
        Text,
        Text,
        Nullable<Text>,
        Nullable<SqlDate>,
    ),
    (
        Timestamptz,
        Nullable<Timestamptz>,
        Nullable<SqlDate>,
        Nullable<SqlDate>,
        Nullable<SqlDate>,
        Nullable<SqlDate>,
        Nullable<SqlDate>,
    ),
    (
        Nullable<BigInt>,
        Nullable<Text>,
        Nullable<BigInt>,
        Nullable<Text>,
        Nullable<SqlUuid>,
    ),
);

type EntryRow = (
    (
        Uuid,
        String,
        Uuid,
        Uuid,
        bool,
        Stage,
        ReachedStage,
        Option<ReasonCode>,
        Option<Date>,
    ),
    (
        Timestamp,
        Option<Timestamp>,
        Option<Date>,
        Option<Date>,
        Option<Date>,
        Option<Date>,
        Option<Date>,
    ),
    (
        Option<i64>,
        Option<Currency>,
        Option<i64>,
        Option<Currency>,
        Option<Uuid>,
    ),
);

/// The entries of a firm's ledger, the latest offer first.
pub(super) async fn list_entries(
    conn: &Conn,
    firm_id: Uuid,
    filter: EntryFilter,
) -> ApiResult<Vec<ReciprocityEntry>> {
    let by_reached = (filter.counted_on == CountedOn::Reached).then_some(filter.window);
    let offered = by_reached.map_or(filter.window, Window::widened);
    let (from, to) = offered.instants();
    let least = filter.reached.unwrap_or(ReachedStage::Offered);
    let reached = ReachedStage::ALL.iter().copied();
    let list = Entries {
        firm_id,
        from,
        to,
        after: filter.after,
        partnership_id: filter.partnership_id,
        is_given: filter
            .direction
            .map(|direction| direction == Direction::Given),
        reached: reached.filter(|reached| *reached >= least).collect(),
        stage: filter.stage,
        reason: filter.reason,
        rows: filter.rows,
        core_story_told: filter.core_story_told,
        from_on: by_reached.map(|window| window.from),
        to_on: by_reached.map(|window| window.to),
    };
    let rows: Vec<EntryRow> = list.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(entry).collect())
}

fn entry((what, when, worth): EntryRow) -> ReciprocityEntry {
    let (
        introduction_id,
        reference,
        partnership_id,
        partner_firm_id,
        is_given,
        stage,
        reached,
        reason,
        occurred_on,
    ) = what;
    let (offered_at, answered_at, accepted_on, introduced_on, meeting_set_on, met_on, engaged_on) =
        when;
    let (expected_minor, expected_currency, realised_minor, realised_currency, core_story_id) =
        worth;
    ReciprocityEntry {
        introduction_id,
        reference,
        partnership_id,
        partner_firm_id,
        direction: Direction::of(is_given),
        stage,
        reached,
        reason,
        occurred_on,
        offered_at,
        answered_at,
        first_answer_seconds: answered_at
            .map(|answered| answered.as_second() - offered_at.as_second()),
        accepted_on,
        introduced_on,
        meeting_set_on,
        met_on,
        engaged_on,
        core_story_id,
        expected_value: Money::from_columns(expected_minor, expected_currency),
        realised_value: Money::from_columns(realised_minor, realised_currency),
    }
}

//! What results look like.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::pace::{MetricPace, expected, pace};
use super::store::Outcomes;
use super::tally::{self, Records, actual};
use crate::introductions::Direction;
use crate::parties::Side;
use crate::plan::{MetricDirection, MetricKind, SuccessDefinition, SuccessMetric};
use crate::platform::values::{Currency, Date};
use crate::reciprocity::{self, ReachedStage, Window, share};

/// For how many days back a series goes: five years.
const SERIES_DAYS: i64 = 1_826;

/// A metric on a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResultPoint {
    /// The day: the last of a month, or the last that counts.
    pub day_on: Date,
    /// How much was expected by then.
    pub expected: i64,
    /// How much there was; `null` where nothing was reported.
    pub actual: Option<i64>,
}

/// A metric of the success definition, agreed against actual.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MetricResult {
    /// Its short name.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What is counted.
    pub kind: MetricKind,
    /// Of which party; `null` for both together.
    #[schema(nullable)]
    pub party: Option<Side>,
    /// Which side of the target is good.
    pub direction: MetricDirection,
    /// The currency of a value.
    pub currency: Option<Currency>,
    /// The first day that counts, in UTC.
    pub starts_on: Date,
    /// The last one.
    pub ends_on: Date,
    /// How much was agreed for the last day.
    pub target: i64,
    /// How much is expected by today, along the ramp.
    pub expected: i64,
    /// How much there is; `null` where nothing was reported.
    pub actual: Option<i64>,
    /// How it stands.
    pub pace: MetricPace,
    /// Month by month, the last five years of it.
    pub series: Vec<ResultPoint>,
    /// Where the records behind the figure are read: a relative address.
    pub records: String,
}

/// What became of the clients of one direction.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OutcomeResult {
    /// Whether your party introduced them, or received them.
    pub direction: Direction,
    /// How many have met the receiver.
    pub met: i64,
    /// Of how many it is told what they gained.
    pub told: i64,
    /// How many gave a rating.
    pub rated: i64,
    /// The mean of the ratings, 1 to 5; `null` where there is none.
    #[schema(minimum = 1, maximum = 5)]
    pub mean_rating: Option<f64>,
    /// Where the introductions with an outcome are read: a relative address.
    pub records: String,
}

/// What the two agreed to call success, against what the records show.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartnershipResults {
    /// The partnership.
    pub partnership_id: Uuid,
    /// The version of the success definition in force; `null` where none is agreed.
    pub plan_version_id: Option<Uuid>,
    /// The date in UTC by which it is told.
    pub today_on: Date,
    /// What the two expect, in words.
    pub expectations: Option<String>,
    /// Each metric, in the order agreed.
    pub metrics: Vec<MetricResult>,
    /// What became of the clients, since the partnership began.
    pub outcomes: Vec<OutcomeResult>,
}

impl PartnershipResults {
    /// Of what was agreed and what the records show.
    pub fn of(
        partnership_id: Uuid,
        agreed: Option<(Uuid, SuccessDefinition)>,
        records: &Records,
        outcomes: &[Outcomes],
        today: Date,
    ) -> Self {
        let (plan_version_id, definition) = agreed.unzip();
        let metrics = definition.iter().flat_map(|agreed| &agreed.metrics);
        Self {
            partnership_id,
            plan_version_id,
            today_on: today,
            metrics: metrics
                .map(|metric| result(partnership_id, metric, records, today))
                .collect(),
            expectations: definition.and_then(|agreed| agreed.expectations),
            outcomes: [Direction::Given, Direction::Received]
                .map(|direction| outcome(partnership_id, outcomes, direction))
                .into(),
        }
    }
}

fn result(
    partnership_id: Uuid,
    metric: &SuccessMetric,
    records: &Records,
    today: Date,
) -> MetricResult {
    let last = today.min(metric.ends_on);
    let point = |day_on| ResultPoint {
        day_on,
        expected: expected(metric, day_on),
        actual: actual(metric, records, day_on),
    };
    let series = Window {
        from: metric.starts_on.max(last.plus_days(-SERIES_DAYS)),
        to: last.plus_days(1),
    };
    let months = series.months().into_iter();
    let counted = actual(metric, records, last);
    MetricResult {
        key: metric.key.clone(),
        name: metric.name.clone(),
        kind: metric.kind,
        party: metric.party,
        direction: metric.direction,
        currency: metric.currency.clone(),
        starts_on: metric.starts_on,
        ends_on: metric.ends_on,
        target: metric.target,
        expected: expected(metric, today),
        actual: counted,
        pace: pace(metric, counted, today),
        series: months.map(|month| point(month.to.plus_days(-1))).collect(),
        records: address(partnership_id, metric, last),
    }
}

/// Where the records behind a metric are read, until a day.
fn address(partnership_id: Uuid, metric: &SuccessMetric, last: Date) -> String {
    let window = Window {
        from: metric.starts_on,
        to: last.max(metric.starts_on).plus_days(1),
    };
    let entries = reciprocity::Records {
        partnership_id: Some(partnership_id),
        window,
    };
    let doer = tally::doer(metric);
    let direction = doer.map(|side| match side {
        Side::Us => Direction::Given,
        Side::Them => Direction::Received,
    });
    match metric.kind {
        MetricKind::IntroductionsGiven | MetricKind::IntroductionsReceived => {
            entries.entries(direction, None)
        }
        MetricKind::IntroductionsAccepted => entries.reached(direction, ReachedStage::Accepted),
        MetricKind::IntroductionsEngaged | MetricKind::RealisedValue => {
            entries.reached(direction, ReachedStage::Engaged)
        }
        MetricKind::StepsKept => {
            let owner = doer
                .map(|side| format!("&owner={side}"))
                .unwrap_or_default();
            let Window { from, to } = window;
            format!(
                "/v1/action-steps?partnership_id={partnership_id}{owner}&kept=true&done_from={from}&done_to={to}"
            )
        }
        MetricKind::ConversationsKept => {
            let Window { from, to } = window;
            format!("/v1/partnerships/{partnership_id}/meetings?state=held&from={from}&to={to}")
        }
        MetricKind::Custom => format!(
            "/v1/partnerships/{partnership_id}/metric-readings?key={}",
            metric.key
        ),
    }
}

fn outcome(partnership_id: Uuid, all: &[Outcomes], direction: Direction) -> OutcomeResult {
    let found = all
        .iter()
        .find(|one| Direction::of(one.is_given) == direction);
    let of = |figure: fn(&Outcomes) -> i64| found.map(figure).unwrap_or_default();
    let rated = of(|one| one.rated);
    OutcomeResult {
        direction,
        met: of(|one| one.met),
        told: of(|one| one.told),
        rated,
        mean_rating: share(of(|one| one.ratings), rated),
        records: format!(
            "/v1/introductions?partnership_id={partnership_id}&direction={direction}&has_outcome=true"
        ),
    }
}

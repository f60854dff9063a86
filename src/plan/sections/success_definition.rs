//! What success is: what is counted, how much of it by when, and how it is expected to come about.

use serde::{Deserialize, Serialize};
use utoipa::{PartialSchema, ToSchema};

use super::{Checked, Missing};
use crate::parties::Side;
use crate::platform::error::FieldError;
use crate::platform::values::{Currency, Date};
use crate::words;

/// The longest time for which something is counted: ten years.
const MOST_DAYS: i64 = 3_653;

words! {
    /// The name of this section.
    pub enum SuccessDefinitionSection {
        /// What success is.
        SuccessDefinition = "success_definition",
    }
}

words! {
    /// What is counted. All but `custom` is counted from the records.
    pub enum MetricKind {
        /// Introductions that the party has offered.
        IntroductionsGiven = "introductions_given",
        /// Introductions that the party was offered.
        IntroductionsReceived = "introductions_received",
        /// Of those that the party has offered: accepted, at least.
        IntroductionsAccepted = "introductions_accepted",
        /// Of those that the party has offered: engaged.
        IntroductionsEngaged = "introductions_engaged",
        /// What those that the party has offered came to be worth, in one currency.
        RealisedValue = "realised_value",
        /// Action steps of the party that were done by the date first promised.
        StepsKept = "steps_kept",
        /// Conversations that the two held.
        ConversationsKept = "conversations_kept",
        /// What either party reports by hand.
        Custom = "custom",
    }
}

words! {
    /// Which side of the target is good.
    pub enum MetricDirection {
        /// The target, or more.
        AtLeast = "at_least",
        /// The target, or less.
        AtMost = "at_most",
    }
}

/// What success is: what is counted, how much of it by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuccessDefinition {
    /// The section.
    #[schema(schema_with = SuccessDefinitionSection::schema)]
    pub section: SuccessDefinitionSection,
    /// What the two expect, in words: results are not immediate.
    #[schema(required, min_length = 1, max_length = 5000, pattern = r"\S")]
    pub expectations: Option<String>,
    /// What is counted.
    #[schema(max_items = 20)]
    pub metrics: Vec<SuccessMetric>,
}

/// Something that is counted against a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "given_this_year", "name": "Introductions that we make", "kind": "introductions_given", "party": "us",
    "target": 12, "currency": null, "starts_on": "2026-01-01", "ends_on": "2026-12-31", "direction": "at_least",
    "ramp": [{"due_on": "2026-06-30", "target": 3}]}))]
pub struct SuccessMetric {
    /// A short name, unique in the section.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,62}$", max_length = 63)]
    pub key: String,
    /// What people call it.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub name: String,
    /// What is counted.
    pub kind: MetricKind,
    /// Of which party; `null` for both together.
    #[schema(required, nullable)]
    pub party: Option<Side>,
    /// How much by the last day; minor units for a value.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub target: i64,
    /// With `realised_value`: the currency, since values are never added across currencies.
    #[schema(required)]
    pub currency: Option<Currency>,
    /// The first day, in UTC.
    pub starts_on: Date,
    /// The last day, in UTC; ten years after the first at most.
    pub ends_on: Date,
    /// Which side of the target is good.
    pub direction: MetricDirection,
    /// How it is expected to come about: how much by days in between, in their order. Between them, and
    /// between the first day with nothing and the last with the target, it goes straight.
    #[schema(max_items = 60)]
    pub ramp: Vec<RampPoint>,
}

/// How much is expected by a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RampPoint {
    /// The day.
    pub due_on: Date,
    /// How much by then.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub target: i64,
}

impl SuccessMetric {
    fn complaints(&self, at: &str, errors: &mut Vec<FieldError>) {
        let mut wrong = |field: &str, code: &'static str, detail: &str| {
            errors.push(FieldError::new(
                format!("{at}/{field}"),
                code,
                detail.to_owned(),
            ));
        };
        match (self.kind == MetricKind::RealisedValue, &self.currency) {
            (true, None) => wrong("currency", "needed", "A value has a currency."),
            (false, Some(_)) => wrong("currency", "not_of_kind", "Only a value has a currency."),
            _ => {}
        }
        if self.ends_on < self.starts_on {
            wrong("ends_on", "order", "It ends before it starts.");
        }
        let (first, last) = (Date::new(1900, 1, 1), Date::new(2199, 12, 31));
        if first.is_some_and(|first| self.starts_on < first) {
            wrong("starts_on", "range", "It starts in 1900 or later.");
        }
        if last.is_some_and(|last| self.ends_on > last) {
            wrong("ends_on", "range", "It ends before 2200.");
        }
        if self.starts_on.days_until(self.ends_on) > MOST_DAYS {
            wrong("ends_on", "range", "It is ten years at most.");
        }
        let mut before = (self.starts_on, 0);
        for (place, point) in self.ramp.iter().enumerate() {
            if point.due_on <= before.0 || point.due_on >= self.ends_on {
                let field = format!("ramp/{place}/due_on");
                wrong(&field, "order", "The days go up, inside the window.");
            }
            if point.target < before.1 || point.target > self.target {
                let field = format!("ramp/{place}/target");
                wrong(
                    &field,
                    "order",
                    "The targets go up, to that of the last day.",
                );
            }
            before = (point.due_on, point.target);
        }
    }
}

impl Checked for SuccessDefinition {
    fn mirror(&mut self) {
        for metric in &mut self.metrics {
            metric.party = metric.party.map(Side::other);
        }
    }

    fn complaints(&self, _: Date) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (place, metric) in self.metrics.iter().enumerate() {
            metric.complaints(&format!("/body/metrics/{place}"), &mut errors);
        }
        let keys = self.metrics.iter().map(|metric| metric.key.as_str());
        super::repeated(keys, "/body/metrics", &mut errors);
        errors
    }

    fn missing(&self) -> Vec<Missing> {
        let mut missing = Vec::new();
        if self.expectations.is_none() {
            let detail = "It is not said what the two expect.";
            missing.push(Missing::new("/body/expectations", detail));
        }
        if self.metrics.is_empty() {
            missing.push(Missing::new("/body/metrics", "Nothing is counted."));
        }
        missing
    }
}

//! What the records show of a metric until a day.

use crate::parties::Side;
use crate::plan::{MetricKind, SuccessMetric};
use crate::platform::values::{Currency, Date};
use crate::words;

words! {
    /// Something that the records show.
    pub enum Fact {
        /// An introduction was offered.
        Offered = "offered",
        /// It was accepted, or came further.
        Accepted = "accepted",
        /// The client engaged the receiver.
        Engaged = "engaged",
        /// What that came to be worth.
        Realised = "realised",
        /// An action step was done by the date first promised.
        StepsKept = "steps_kept",
        /// The two held a conversation.
        ConversationsKept = "conversations_kept",
    }
}

/// How much of something there was on a day.
#[derive(Clone, Debug)]
pub struct Day {
    /// What.
    pub fact: Fact,
    /// Whether it is the caller's party that introduced, or owns the step.
    pub is_ours: bool,
    /// The date.
    pub on: Date,
    /// Of a value: its currency.
    pub currency: Option<Currency>,
    /// How many, or how much in minor units.
    pub amount: i64,
}

/// A figure that was reported by hand, the last of its day.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The metric.
    pub key: String,
    /// Its day.
    pub on: Date,
    /// The figure.
    pub figure: i64,
}

/// What the records show, by day.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// What is counted.
    pub days: Vec<Day>,
    /// What was reported.
    pub reported: Vec<Reported>,
}

/// What a metric counts; `None` for what is reported by hand.
const fn counted(kind: MetricKind) -> Option<Fact> {
    match kind {
        MetricKind::IntroductionsGiven | MetricKind::IntroductionsReceived => Some(Fact::Offered),
        MetricKind::IntroductionsAccepted => Some(Fact::Accepted),
        MetricKind::IntroductionsEngaged => Some(Fact::Engaged),
        MetricKind::RealisedValue => Some(Fact::Realised),
        MetricKind::StepsKept => Some(Fact::StepsKept),
        MetricKind::ConversationsKept => Some(Fact::ConversationsKept),
        MetricKind::Custom => None,
    }
}

/// The party whose doing a metric counts: what one received is the other's, and a conversation is both's.
pub fn doer(metric: &SuccessMetric) -> Option<Side> {
    match metric.kind {
        MetricKind::IntroductionsReceived => metric.party.map(Side::other),
        MetricKind::ConversationsKept => None,
        _ => metric.party,
    }
}

/// How much there is of a metric until a day, which counts; `None` where nothing was reported.
pub fn actual(metric: &SuccessMetric, records: &Records, until: Date) -> Option<i64> {
    let Some(fact) = counted(metric.kind) else {
        let of_it = records.reported.iter().filter(|one| one.key == metric.key);
        let last = of_it.filter(|one| one.on <= until).max_by_key(|one| one.on);
        return last.map(|one| one.figure);
    };
    let doer = doer(metric);
    let counts = |day: &&Day| {
        day.fact == fact
            && doer.is_none_or(|side| side == Side::of(day.is_ours))
            && (metric.starts_on..=until.min(metric.ends_on)).contains(&day.on)
            && day.currency == metric.currency
    };
    let amounts = records.days.iter().filter(counts).map(|day| day.amount);
    Some(amounts.fold(0, i64::saturating_add))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::MetricDirection;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn metric(kind: MetricKind, party: Option<Side>) -> SuccessMetric {
        let currency = (kind == MetricKind::RealisedValue).then(|| "USD".parse().unwrap());
        SuccessMetric {
            key: "one".to_owned(),
            name: "One".to_owned(),
            kind,
            party,
            target: 12,
            currency,
            starts_on: date("2026-01-01"),
            ends_on: date("2026-12-31"),
            direction: MetricDirection::AtLeast,
            ramp: vec![],
        }
    }

    fn day(fact: Fact, is_ours: bool, on: &str, currency: Option<&str>, amount: i64) -> Day {
        Day {
            fact,
            is_ours,
            on: date(on),
            currency: currency.map(|code| code.parse().unwrap()),
            amount,
        }
    }

    #[test]
    fn each_kind_counts_its_own_of_its_party_inside_its_days() {
        let records = Records {
            days: vec![
                day(Fact::Offered, true, "2025-12-31", None, 1),
                day(Fact::Offered, true, "2026-01-01", None, 2),
                day(Fact::Offered, false, "2026-03-02", None, 4),
                day(Fact::Accepted, true, "2026-03-02", None, 8),
                day(Fact::Engaged, true, "2026-03-03", None, 16),
                day(Fact::Realised, true, "2026-03-03", Some("USD"), 32),
                day(Fact::Realised, true, "2026-03-03", Some("EUR"), 64),
                day(Fact::StepsKept, false, "2026-12-31", None, 128),
                day(Fact::StepsKept, false, "2027-01-01", None, 256),
            ],
            reported: vec![],
        };
        let table = [
            (MetricKind::IntroductionsGiven, Some(Side::Us), 2),
            (MetricKind::IntroductionsGiven, Some(Side::Them), 4),
            (MetricKind::IntroductionsGiven, None, 6),
            (MetricKind::IntroductionsReceived, Some(Side::Us), 4),
            (MetricKind::IntroductionsReceived, Some(Side::Them), 2),
            (MetricKind::IntroductionsReceived, None, 6),
            (MetricKind::IntroductionsAccepted, Some(Side::Us), 8),
            (MetricKind::IntroductionsAccepted, Some(Side::Them), 0),
            (MetricKind::IntroductionsEngaged, Some(Side::Us), 16),
            (MetricKind::RealisedValue, Some(Side::Us), 32),
            (MetricKind::StepsKept, Some(Side::Them), 128),
            (MetricKind::StepsKept, Some(Side::Us), 0),
        ];
        for (kind, party, expected) in table {
            let found = actual(&metric(kind, party), &records, date("2027-06-01"));
            assert_eq!(found, Some(expected), "{kind} {party:?}");
        }
        let before = actual(
            &metric(MetricKind::IntroductionsGiven, None),
            &records,
            date("2026-03-01"),
        );
        assert_eq!(before, Some(2));
    }

    #[test]
    fn of_what_is_reported_by_hand_the_last_figure_until_the_day_counts() {
        let reported = |on: &str, figure| Reported {
            key: "one".to_owned(),
            on: date(on),
            figure,
        };
        let records = Records {
            days: vec![],
            reported: vec![reported("2026-03-02", 5), reported("2026-02-02", 7)],
        };
        let metric = metric(MetricKind::Custom, None);
        for (until, expected) in [
            ("2026-02-01", None),
            ("2026-02-02", Some(7)),
            ("2026-03-01", Some(7)),
            ("2026-03-02", Some(5)),
        ] {
            assert_eq!(actual(&metric, &records, date(until)), expected, "{until}");
        }
    }

    proptest! {
        /// Whatever happened: what one party reads of a metric, the other reads of its mirror image; and both
        /// parties together are the sum of the two.
        #[test]
        fn both_parties_read_the_same_of_one_metric(
            days in proptest::collection::vec((0_usize..5, any::<bool>(), 0_i64..500, 0_i64..1_000_000), 0..40),
            kind in proptest::sample::select(MetricKind::ALL.to_vec()), party in proptest::option::of(any::<bool>()), until in 0_i64..600,
        ) {
            let of = |mirrored: bool| Records {
                days: days.iter().map(|(fact, ours, on, amount)| Day {
                    fact: Fact::ALL[*fact],
                    is_ours: *ours != mirrored,
                    on: date("2025-10-01").plus_days(*on),
                    currency: (Fact::ALL[*fact] == Fact::Realised).then(|| "USD".parse().unwrap()),
                    amount: *amount,
                }).collect(),
                reported: vec![],
            };
            let until = date("2025-10-01").plus_days(until);
            let party = party.map(Side::of);
            let (ours, theirs) = (metric(kind, party), metric(kind, party.map(Side::other)));
            prop_assert_eq!(actual(&ours, &of(false), until), actual(&theirs, &of(true), until));
            let of_side = |side| actual(&metric(kind, Some(side)), &of(false), until);
            let sum = of_side(Side::Us).zip(of_side(Side::Them)).map(|(us, them)| us + them);
            prop_assert_eq!(actual(&metric(kind, None), &of(false), until), sum);
        }
    }
}

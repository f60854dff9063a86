//! How much is expected by a day, and whether that is on pace; the module's documentation has both with examples.

use crate::plan::{MetricDirection, SuccessMetric};
use crate::platform::values::Date;
use crate::words;

words! {
    /// How a metric stands.
    pub enum MetricPace {
        /// Its first day is still to come.
        NotStarted = "not_started",
        /// What is expected by now, or better.
        OnPace = "on_pace",
        /// Worse than is expected by now.
        OffPace = "off_pace",
        /// The target was reached, or kept.
        Reached = "reached",
        /// It was not.
        Missed = "missed",
        /// Nothing was reported yet.
        Unknown = "unknown",
    }
}

/// How much is expected by a day.
pub fn expected(metric: &SuccessMetric, on: Date) -> i64 {
    let last = (metric.ends_on, metric.target);
    let points = metric.ramp.iter().map(|point| (point.due_on, point.target));
    let mut from = (metric.starts_on, 0);
    if on < from.0 {
        return 0;
    }
    for to in points.chain([last]) {
        if on < to.0 {
            return between(from, to, on, metric.direction);
        }
        from = to;
    }
    metric.target
}

/// On the straight line between two points.
fn between(from: (Date, i64), to: (Date, i64), on: Date, direction: MetricDirection) -> i64 {
    let gone = i128::from(from.0.days_until(on));
    let all = i128::from(from.0.days_until(to.0)).max(1);
    let rise = i128::from(to.1 - from.1) * gone;
    let risen = match direction {
        MetricDirection::AtLeast => rise.div_euclid(all),
        MetricDirection::AtMost => (rise + all - 1).div_euclid(all),
    };
    from.1
        .saturating_add(i64::try_from(risen).unwrap_or(i64::MAX))
}

/// How a metric stands on a day.
pub fn pace(metric: &SuccessMetric, actual: Option<i64>, today: Date) -> MetricPace {
    if today < metric.starts_on {
        return MetricPace::NotStarted;
    }
    let Some(actual) = actual else {
        return MetricPace::Unknown;
    };
    let is_over = today > metric.ends_on;
    let expected = expected(metric, today);
    let on_pace = |is_it| {
        if is_it {
            MetricPace::OnPace
        } else {
            MetricPace::OffPace
        }
    };
    match metric.direction {
        MetricDirection::AtLeast if actual >= metric.target => MetricPace::Reached,
        MetricDirection::AtLeast if is_over => MetricPace::Missed,
        MetricDirection::AtLeast => on_pace(actual >= expected),
        MetricDirection::AtMost if actual > metric.target => MetricPace::Missed,
        MetricDirection::AtMost if is_over => MetricPace::Reached,
        MetricDirection::AtMost => on_pace(actual <= expected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{MetricKind, RampPoint};
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn metric(direction: MetricDirection) -> SuccessMetric {
        SuccessMetric {
            key: "given".to_owned(),
            name: "Introductions that we make".to_owned(),
            kind: MetricKind::IntroductionsGiven,
            party: None,
            target: 12,
            currency: None,
            starts_on: date("2026-01-01"),
            ends_on: date("2026-12-31"),
            direction,
            ramp: vec![RampPoint {
                due_on: date("2026-06-30"),
                target: 3,
            }],
        }
    }

    #[test]
    fn what_is_expected_lies_on_the_ramp_as_in_the_example() {
        let table = [
            ("2025-12-31", 0, 0),
            ("2026-01-01", 0, 0),
            ("2026-03-31", 1, 2),
            ("2026-06-30", 3, 3),
            ("2026-09-30", 7, 8),
            ("2026-12-30", 11, 12),
            ("2026-12-31", 12, 12),
            ("2027-06-01", 12, 12),
        ];
        for (on, at_least, at_most) in table {
            let of = |direction| expected(&metric(direction), date(on));
            assert_eq!(of(MetricDirection::AtLeast), at_least, "{on}");
            assert_eq!(of(MetricDirection::AtMost), at_most, "{on}");
        }
    }

    #[test]
    fn the_pace_is_that_of_the_table() {
        use MetricDirection::{AtLeast, AtMost};
        let table = [
            (AtLeast, "2025-12-31", Some(0), MetricPace::NotStarted),
            (AtLeast, "2026-03-31", None, MetricPace::Unknown),
            (AtLeast, "2026-03-31", Some(1), MetricPace::OnPace),
            (AtLeast, "2026-03-31", Some(0), MetricPace::OffPace),
            (AtLeast, "2026-09-30", Some(6), MetricPace::OffPace),
            (AtLeast, "2026-09-30", Some(12), MetricPace::Reached),
            (AtLeast, "2026-12-31", Some(11), MetricPace::OffPace),
            (AtLeast, "2027-01-01", Some(11), MetricPace::Missed),
            (AtLeast, "2027-01-01", Some(12), MetricPace::Reached),
            (AtMost, "2025-12-31", None, MetricPace::NotStarted),
            (AtMost, "2026-03-31", Some(2), MetricPace::OnPace),
            (AtMost, "2026-03-31", Some(3), MetricPace::OffPace),
            (AtMost, "2026-03-31", Some(13), MetricPace::Missed),
            (AtMost, "2027-01-01", Some(12), MetricPace::Reached),
            (AtMost, "2027-01-01", None, MetricPace::Unknown),
        ];
        for (direction, on, actual, expected) in table {
            let found = pace(&metric(direction), actual, date(on));
            assert_eq!(found, expected, "{direction} {on} {actual:?}");
        }
    }

    proptest! {
        /// What is expected never falls, begins with nothing and ends with the target; no figure overflows.
        #[test]
        fn what_is_expected_never_falls(
            target in 0_i64..=9_007_199_254_740_991, days in 0_i64..3_653,
            ramp in proptest::collection::vec((1_i64..3_000, 0_i64..=9_007_199_254_740_991), 0..6),
            at_most in any::<bool>(), walk in proptest::collection::vec(0_i64..400, 1..20),
        ) {
            let direction = if at_most { MetricDirection::AtMost } else { MetricDirection::AtLeast };
            let mut metric = metric(direction);
            metric.target = target;
            metric.ends_on = metric.starts_on.plus_days(days);
            let mut points: Vec<(i64, i64)> = ramp.into_iter().filter(|(day, _)| *day < days).collect();
            let mut shares: Vec<i64> = points.iter().map(|(_, share)| (*share).min(target)).collect();
            points.sort_unstable();
            points.dedup_by_key(|(day, _)| *day);
            shares.sort_unstable();
            metric.ramp = points.iter().zip(shares)
                .map(|((day, _), target)| RampPoint { due_on: metric.starts_on.plus_days(*day), target })
                .collect();
            let (mut on, mut before) = (metric.starts_on.plus_days(-1), 0);
            for step in walk {
                on = on.plus_days(step);
                let now = expected(&metric, on);
                prop_assert!(before <= now && now <= target, "{} {} {}", before, now, target);
                before = now;
            }
            prop_assert_eq!(expected(&metric, metric.ends_on), target);
        }
    }
}

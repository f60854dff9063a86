//! The formulas of the gauge; the module's documentation has each with an example.

use crate::parties::Side;
use crate::platform::values::Date;
use crate::reciprocity::share;
use crate::words;

/// With fewer gaps there is no usual one.
const GAPS: usize = 5;
/// For how many days before the last active day gaps are looked at.
const PAST_DAYS: i64 = 365;
/// How many usual gaps the silence may last.
const USUAL_GAPS: i64 = 3;

words! {
    /// How alive a partnership is.
    pub enum VitalityLevel {
        /// A gauge of 0.75 or more.
        Thriving = "thriving",
        /// Of 0.5 or more.
        Steady = "steady",
        /// Below.
        Fading = "fading",
        /// Silent for longer than three of its usual gaps, whatever the gauge.
        Lapsed = "lapsed",
    }
}

words! {
    /// A part of the gauge.
    pub enum VitalityPartName {
        /// Whether the two are as active as they used to be.
        Pace = "pace",
        /// How much of the plan is agreed.
        Plan = "plan",
        /// Whether promises are kept.
        Promises = "promises",
        /// Whether both give.
        Balance = "balance",
        /// Whether the weekly conversation is kept.
        Conversations = "conversations",
        /// Whether the two share a meal as often as they agreed.
        Meals = "meals",
        /// Whether each has the number of somebody of the other.
        Numbers = "numbers",
    }
}

impl VitalityPartName {
    /// How much it counts.
    pub const fn weight(self) -> i32 {
        match self {
            Self::Pace | Self::Plan | Self::Conversations => 3,
            Self::Promises | Self::Balance => 2,
            Self::Meals | Self::Numbers => 1,
        }
    }
}

/// A date on which something was done, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveDay {
    /// The date.
    pub on: Date,
    /// Whether the caller's party did something.
    pub us: bool,
    /// Whether the other did.
    pub them: bool,
}

/// How active the two are, against their own past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// The last active day.
    pub last: Option<ActiveDay>,
    /// The last one of a party.
    pub last_of: [Option<Date>; 2],
    /// The days since the last active one; none where there is none.
    pub silence: Option<i64>,
    /// How many gaps were looked at.
    pub gaps: usize,
    /// The usual one; none where there are too few.
    pub usual: Option<i64>,
}

impl Rhythm {
    /// Of active days in their order, as of today.
    pub fn of(days: &[ActiveDay], today: Date) -> Self {
        let last = days.last().copied();
        let since = last.map(|last| last.on.plus_days(-PAST_DAYS));
        let recent: Vec<Date> = days
            .iter()
            .map(|day| day.on)
            .filter(|on| since.is_some_and(|since| *on >= since))
            .collect();
        let mut gaps: Vec<i64> = recent
            .windows(2)
            .filter_map(|pair| match pair {
                [one, next] => Some(one.days_until(*next)),
                _ => None,
            })
            .collect();
        gaps.sort_unstable();
        let of = |side: Side| {
            let mut theirs = days.iter().rev().filter(|day| match side {
                Side::Us => day.us,
                Side::Them => day.them,
            });
            theirs.next().map(|day| day.on)
        };
        Self {
            last,
            last_of: [of(Side::Us), of(Side::Them)],
            silence: last.map(|last| last.on.days_until(today).max(0)),
            gaps: gaps.len(),
            usual: usual(&gaps),
        }
    }

    /// The longest silence that is no lapse.
    pub fn allowance(&self) -> Option<i64> {
        self.usual.map(|usual| usual.saturating_mul(USUAL_GAPS))
    }

    /// Whether the silence is longer.
    pub fn has_lapsed(&self) -> bool {
        let both = self.silence.zip(self.allowance());
        both.is_some_and(|(silence, allowance)| silence > allowance)
    }

    /// The score of the pace.
    pub fn score(&self) -> Option<f64> {
        let (silence, usual) = self.silence.zip(self.usual)?;
        let allowance = self.allowance()?;
        Some(falling(silence, usual, allowance.saturating_add(1)))
    }
}

/// The gap that nine of ten do not exceed, of gaps in their order.
fn usual(gaps: &[i64]) -> Option<i64> {
    // The nearest rank of the 90th percentile: 9 n / 10, rounded up.
    let rank = (gaps.len() * 9).div_ceil(10);
    let enough = gaps.len() >= GAPS;
    gaps.get(rank.checked_sub(1)?).copied().filter(|_| enough)
}

/// 1 up to `whole`, 0 from `none` on, straight between.
fn falling(value: i64, whole: i64, none: i64) -> f64 {
    let left = share(none - value, none - whole).unwrap_or_default();
    left.clamp(0.0, 1.0)
}

/// The score of the plan: sections in force and sections waived by both, out of all.
pub fn plan(in_force: usize, waived: usize, all: usize) -> Option<f64> {
    let halves = i64::try_from(in_force * 2 + waived).ok()?;
    share(halves, i64::try_from(all * 2).ok()?)
}

/// The score of a last meal so many days ago, by a cadence of so many days.
pub fn meals(days_ago: i64, cadence: i64) -> f64 {
    falling(days_ago, cadence, cadence.saturating_mul(2).max(1))
}

/// The score of numbers that were exchanged: half for each party that has told one.
pub fn numbers(told: [bool; 2]) -> Option<f64> {
    let count = told.into_iter().filter(|told| *told).count();
    share(i64::try_from(count).ok()?, 2)
}

/// The score of a balance by a threshold.
pub fn balance(balance: f64, threshold: f64) -> f64 {
    let beyond = balance.abs() - threshold;
    if beyond <= 0.0 {
        return 1.0;
    }
    (1.0 - beyond / (1.0 - threshold)).clamp(0.0, 1.0)
}

/// The mean of the scores that are known, by their weights.
pub fn gauge(scores: &[(VitalityPartName, Option<f64>)]) -> Option<f64> {
    let known = scores
        .iter()
        .filter_map(|(part, score)| score.map(|score| (f64::from(part.weight()), score)));
    let (weights, sum) = known.fold((0.0, 0.0), |(weights, sum), (weight, score)| {
        (weights + weight, sum + weight * score)
    });
    (weights > 0.0).then(|| sum / weights)
}

/// How alive that is.
pub fn level(gauge: Option<f64>, has_lapsed: bool) -> VitalityLevel {
    match gauge {
        _ if has_lapsed => VitalityLevel::Lapsed,
        Some(gauge) if gauge >= 0.75 => VitalityLevel::Thriving,
        Some(gauge) if gauge >= 0.5 => VitalityLevel::Steady,
        _ => VitalityLevel::Fading,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Active days with these gaps between them, from a Monday on.
    fn days(gaps: &[i64]) -> Vec<ActiveDay> {
        let mut on = date("2026-01-05");
        let day = |on| ActiveDay {
            on,
            us: true,
            them: false,
        };
        let mut days = vec![day(on)];
        for gap in gaps {
            on = on.plus_days(*gap);
            days.push(day(on));
        }
        days
    }

    fn after(days: &[ActiveDay], silence: i64) -> Rhythm {
        Rhythm::of(days, days.last().unwrap().on.plus_days(silence))
    }

    #[test]
    fn eleven_mondays_lapse_on_the_22nd_day_of_silence_as_in_the_example() {
        let mondays = days(&[7; 10]);
        assert_eq!(after(&mondays, 21).usual, Some(7));
        assert!(!after(&mondays, 21).has_lapsed());
        assert!(after(&mondays, 22).has_lapsed());
        assert_eq!(after(&mondays, 7).score(), Some(1.0));
        assert_eq!(after(&mondays, 22).score(), Some(0.0));
    }

    #[test]
    fn bursts_lapse_by_the_pauses_between_them_as_in_the_example() {
        let bursts = days(&[1, 1, 1, 30, 1, 1, 30, 1, 1, 1]);
        assert_eq!(after(&bursts, 0).usual, Some(30));
        assert!(!after(&bursts, 90).has_lapsed());
        assert!(after(&bursts, 91).has_lapsed());
    }

    #[test]
    fn four_gaps_are_too_few_and_what_is_older_than_a_year_does_not_count() {
        assert!(!after(&days(&[7; 4]), 1_000).has_lapsed());
        assert!(after(&days(&[7; 5]), 1_000).has_lapsed());
        let long_ago = days(&[7, 7, 7, 7, 7, 400, 2, 2, 2, 2]);
        assert_eq!(after(&long_ago, 0).gaps, 4);
        assert_eq!(after(&long_ago, 0).usual, None);
        assert_eq!(Rhythm::of(&[], date("2026-01-05")).silence, None);
    }

    #[test]
    fn the_gauge_is_that_of_the_example() {
        let scores = [
            (VitalityPartName::Pace, None),
            (VitalityPartName::Plan, plan(4, 1, 6)),
            (VitalityPartName::Promises, Some(0.75)),
            (VitalityPartName::Balance, Some(balance(-0.75, 0.5))),
        ];
        let gauge = gauge(&scores).unwrap();
        assert!((gauge - 4.75 / 7.0).abs() < 1e-9, "{gauge}");
        assert_eq!(level(Some(gauge), false), VitalityLevel::Steady);
    }

    #[test]
    fn the_level_is_that_of_the_table() {
        let table = [
            (Some(1.0), false, VitalityLevel::Thriving),
            (Some(0.75), false, VitalityLevel::Thriving),
            (Some(0.7499), false, VitalityLevel::Steady),
            (Some(0.5), false, VitalityLevel::Steady),
            (Some(0.4999), false, VitalityLevel::Fading),
            (None, false, VitalityLevel::Fading),
            (Some(1.0), true, VitalityLevel::Lapsed),
        ];
        for (gauge, has_lapsed, expected) in table {
            assert_eq!(level(gauge, has_lapsed), expected, "{gauge:?} {has_lapsed}");
        }
    }

    #[test]
    fn a_balance_counts_from_its_threshold_on() {
        for (of, threshold, expected) in [
            (0.0, 0.5, 1.0),
            (0.5, 0.5, 1.0),
            (-0.5, 0.5, 1.0),
            (0.75, 0.5, 0.5),
            (-1.0, 0.5, 0.0),
            (1.0, 1.0, 1.0),
        ] {
            assert!(
                (balance(of, threshold) - expected).abs() < 1e-9,
                "{of} {threshold}"
            );
        }
    }

    proptest! {
        /// More silence never makes it livelier, and every score is a score.
        #[test]
        fn silence_never_helps(gaps in proptest::collection::vec(1_i64..60, 0..40), silence in 0_i64..500) {
            let days = days(&gaps);
            let (now, later) = (after(&days, silence), after(&days, silence + 1));
            prop_assert!(!now.has_lapsed() || later.has_lapsed());
            if let Some((now, later)) = now.score().zip(later.score()) {
                prop_assert!((0.0..=1.0).contains(&now) && later <= now);
            }
            prop_assert_eq!(now.has_lapsed(), now.score() == Some(0.0));
        }

        #[test]
        fn a_gauge_lies_between_its_scores(scores in proptest::collection::vec(proptest::option::of(0.0_f64..=1.0), 4)) {
            let scores: Vec<_> = VitalityPartName::ALL.iter().copied().zip(scores).collect();
            let known: Vec<f64> = scores.iter().filter_map(|(_, score)| *score).collect();
            let of = gauge(&scores);
            prop_assert_eq!(of.is_some(), !known.is_empty());
            if let Some(of) = of {
                let (least, most) = known.iter().fold((1.0_f64, 0.0_f64), |(least, most), one| (least.min(*one), most.max(*one)));
                prop_assert!(least - 1e-9 <= of && of <= most + 1e-9);
            }
        }
    }

    #[test]
    fn meals_and_numbers_are_scored_as_in_the_example() {
        assert_eq!(meals(30, 30), 1.0);
        assert_eq!(meals(45, 30), 0.5);
        assert_eq!(meals(60, 30), 0.0);
        assert_eq!(numbers([true, false]), Some(0.5));
        use VitalityPartName as Part;
        let scores = [
            (Part::Pace, None),
            (Part::Plan, Some(0.75)),
            (Part::Promises, Some(0.75)),
            (Part::Balance, Some(0.5)),
            (Part::Conversations, Some(0.75)),
            (Part::Meals, Some(0.5)),
            (Part::Numbers, Some(0.5)),
        ];
        assert_eq!(gauge(&scores), Some(8.0 / 12.0));
    }
}

//! What the ledger's words mean, and its formulas; the module's documentation has each with an example.

use serde::Serialize;
use utoipa::ToSchema;

use crate::parties::Side;
use crate::plan::BalanceMeasure;
use crate::platform::values::Timestamp;
use crate::words;

words! {
    /// How far an introduction has come at its furthest.
    pub enum ReachedStage {
        /// It was offered.
        Offered = "offered",
        /// The receiver wanted it.
        Accepted = "accepted",
        /// The client and the receiver knew of one another.
        Introduced = "introduced",
        /// They had a date.
        MeetingSet = "meeting_set",
        /// They met.
        Met = "met",
        /// The client came to work with the receiver.
        Engaged = "engaged",
    }
}

words! {
    /// Which date decides whether an introduction is in a window.
    pub enum CountedOn {
        /// When it was offered.
        Offered = "offered",
        /// When it came as far as is asked for, or further.
        Reached = "reached",
    }
}

/// The stage that an introduction must have reached to count by a measure.
pub const fn weighed(measure: BalanceMeasure) -> ReachedStage {
    match measure {
        BalanceMeasure::Introductions => ReachedStage::Offered,
        BalanceMeasure::Accepted => ReachedStage::Accepted,
        BalanceMeasure::Met => ReachedStage::Met,
        BalanceMeasure::Engaged => ReachedStage::Engaged,
    }
}

words! {
    /// What the balance comes to.
    pub enum Verdict {
        /// Fewer than `minimum` were given and received together: it says nothing yet.
        TooFew = "too_few",
        /// Neither gives too much.
        Balanced = "balanced",
        /// Your party gives more than was agreed to be alright.
        WeGiveMore = "we_give_more",
        /// The other does.
        TheyGiveMore = "they_give_more",
    }
}

impl Verdict {
    /// Whether both are to be told.
    pub const fn is_alert(self) -> bool {
        matches!(self, Self::WeGiveMore | Self::TheyGiveMore)
    }
}

/// What the parties agreed of their balance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreed {
    /// How far from 0 the balance may be.
    pub threshold: f64,
    /// What is weighed.
    pub measure: BalanceMeasure,
}

/// How the balance is told.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct BalanceTerms {
    /// What is weighed.
    pub measure: BalanceMeasure,
    /// How far from 0 the balance may be.
    pub threshold: f64,
    /// How many it takes for a verdict, given and received together.
    pub minimum: i64,
    /// Whether measure and threshold are what the parties agreed; otherwise they are what is usual.
    pub agreed: bool,
}

/// How many introductions it takes before a verdict.
const MINIMUM: i64 = 3;

impl BalanceTerms {
    /// What was agreed, or what is usual.
    pub fn of(agreed: Option<Agreed>) -> Self {
        let usual = Agreed {
            threshold: 0.5,
            measure: BalanceMeasure::Introductions,
        };
        let used = agreed.unwrap_or(usual);
        Self {
            measure: used.measure,
            threshold: used.threshold,
            minimum: MINIMUM,
            agreed: agreed.is_some(),
        }
    }
}

/// A count as a number that can be divided; no ledger has two thousand million entries.
fn number(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(if count < 0 { -i32::MAX } else { i32::MAX }))
}

/// `part / whole`; none of nothing.
pub fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| number(part) / number(whole))
}

/// What was given against what was received: 1 is all given, -1 all received, none where there is nothing.
pub fn balance(given: i64, received: i64) -> Option<f64> {
    share(
        given.saturating_sub(received),
        given.saturating_add(received),
    )
}

/// What a balance comes to by these terms.
pub fn verdict(given: i64, received: i64, terms: &BalanceTerms) -> Verdict {
    let enough = given.saturating_add(received) >= terms.minimum;
    match balance(given, received).filter(|_| enough) {
        None => Verdict::TooFew,
        Some(balance) if balance > terms.threshold => Verdict::WeGiveMore,
        Some(balance) if balance < -terms.threshold => Verdict::TheyGiveMore,
        Some(_) => Verdict::Balanced,
    }
}

/// How many one side gave, and when it last did.
pub type Gave = (i64, Option<Timestamp>);

/// Whose turn it is to give.
pub fn whose_turn(given: Gave, received: Gave) -> Option<Side> {
    if given.0 + received.0 == 0 {
        return None;
    }
    match given.0.cmp(&received.0).then(given.1.cmp(&received.1)) {
        std::cmp::Ordering::Less => Some(Side::Us),
        std::cmp::Ordering::Greater => Some(Side::Them),
        std::cmp::Ordering::Equal => None,
    }
}

/// The middle of some numbers, of which each is given with how often it is there, in their order: of an
/// even count the lower of the two in the middle, so that it is one of them.
///
/// *Example: 1, 2, 2, 9 is given as (1, 1), (2, 2), (9, 1), and its middle is 2.*
pub fn median(counted: &[(i64, i64)]) -> Option<i64> {
    let all: i64 = counted.iter().map(|(_, count)| count).sum();
    let mut seen = 0;
    counted
        .iter()
        .find(|(_, count)| {
            seen += count;
            seen * 2 >= all
        })
        .map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(threshold: f64) -> BalanceTerms {
        BalanceTerms::of(Some(Agreed {
            threshold,
            measure: BalanceMeasure::Introductions,
        }))
    }

    fn at(second: i64) -> Option<Timestamp> {
        Some(Timestamp::from_microsecond(second * 1_000_000))
    }

    #[test]
    fn six_given_and_two_received_is_a_half_and_to_the_other_its_negation() {
        assert_eq!(balance(6, 2), Some(0.5));
        assert_eq!(balance(2, 6), Some(-0.5));
        assert_eq!(balance(4, 4), Some(0.0));
        assert_eq!(balance(3, 0), Some(1.0));
        assert_eq!(balance(0, 0), None);
    }

    #[test]
    fn a_verdict_takes_three_and_passes_the_threshold() {
        let table = [
            (6, 2, Verdict::WeGiveMore),
            (2, 6, Verdict::TheyGiveMore),
            (5, 3, Verdict::Balanced),
            (7, 3, Verdict::Balanced),
            (2, 0, Verdict::TooFew),
            (0, 0, Verdict::TooFew),
            (3, 0, Verdict::WeGiveMore),
        ];
        for (given, received, expected) in table {
            assert_eq!(
                verdict(given, received, &terms(0.4)),
                expected,
                "{given} {received}"
            );
        }
        assert_eq!(verdict(9, 0, &terms(1.0)), Verdict::Balanced);
    }

    #[test]
    fn what_was_not_agreed_is_what_is_usual_and_says_so() {
        let usual = BalanceTerms::of(None);
        assert_eq!(usual.measure, BalanceMeasure::Introductions);
        assert!(usual.threshold == 0.5 && !usual.agreed);
        assert!(terms(0.4).agreed);
    }

    #[test]
    fn it_is_the_turn_of_who_gave_less_or_longest_ago() {
        assert_eq!(whose_turn((6, at(9)), (2, at(1))), Some(Side::Them));
        assert_eq!(whose_turn((2, at(1)), (2, at(9))), Some(Side::Us));
        assert_eq!(whose_turn((2, at(9)), (2, at(1))), Some(Side::Them));
        assert_eq!(whose_turn((0, None), (1, at(1))), Some(Side::Us));
        assert_eq!(whose_turn((0, None), (0, None)), None);
        assert_eq!(whose_turn((2, at(5)), (2, at(5))), None);
    }

    #[test]
    fn the_median_is_one_of_the_numbers() {
        assert_eq!(median(&[(1, 1), (2, 2), (9, 1)]), Some(2));
        assert_eq!(median(&[(1, 2), (9, 2)]), Some(1));
        assert_eq!(median(&[(1, 1), (9, 2)]), Some(9));
        assert_eq!(median(&[(7, 1)]), Some(7));
        assert_eq!(median(&[]), None);
    }

    proptest::proptest! {
        #[test]
        fn a_balance_lies_between_one_and_minus_one(given in 0_i64..1_000_000, received in 0_i64..1_000_000) {
            if let Some(balance) = balance(given, received) {
                proptest::prop_assert!((-1.0..=1.0).contains(&balance));
            }
        }

        #[test]
        fn the_median_is_that_of_the_sorted_list(mut all in proptest::collection::vec(0_i64..20, 0..60)) {
            all.sort_unstable();
            let mut counted: std::collections::BTreeMap<i64, i64> = Default::default();
            all.iter().for_each(|one| *counted.entry(*one).or_default() += 1);
            let counted: Vec<_> = counted.into_iter().collect();
            let middle = all.len().checked_sub(1).and_then(|last| all.get(last / 2)).copied();
            proptest::prop_assert_eq!(median(&counted), middle);
        }
    }
}

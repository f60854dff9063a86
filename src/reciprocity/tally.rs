//! The ledger: what was given and received, added up.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::contributions::ContributionKind;
use super::model::{BalanceTerms, Gave, ReachedStage, balance, verdict, whose_turn};
use super::model::{Verdict, weighed};
use crate::introductions::Direction;
use crate::parties::Side;
use crate::plan::BalanceMeasure;
use crate::platform::values::{Currency, Date, Timestamp};

/// Some entries that are alike.
#[derive(Clone, Debug)]
pub struct Cell {
    pub direction: Direction,
    pub reached: ReachedStage,
    pub count: i64,
    pub expected: Option<(Currency, i64)>,
    pub realised: Option<(Currency, i64)>,
    pub last_offered_at: Timestamp,
}

/// Amounts in minor units, each currency by itself, with how many introductions they are of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<Currency, (i64, i64)>);

impl Sums {
    /// Adds what so many introductions are worth together.
    pub fn add(&mut self, currency: Currency, amount: i64, introductions: i64) {
        let sum = self.0.entry(currency).or_default();
        sum.0 = sum.0.saturating_add(amount);
        sum.1 = sum.1.saturating_add(introductions);
    }

    /// Currency, amount, introductions; by currency.
    pub fn iter(&self) -> impl Iterator<Item = (&Currency, i64, i64)> {
        self.0
            .iter()
            .map(|(currency, (amount, count))| (currency, *amount, *count))
    }

    fn add_all(&mut self, other: &Self) {
        for (currency, amount, introductions) in other.iter() {
            self.add(currency.clone(), amount, introductions);
        }
    }
}

/// What one party gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many, and when the last of them was offered, by the furthest stage.
    entries: BTreeMap<ReachedStage, (i64, Option<Timestamp>)>,
    pub expected: Sums,
    pub realised: Sums,
    contributions: BTreeMap<ContributionKind, i64>,
}

impl Tally {
    /// How many have come so far at least.
    pub fn at_least(&self, reached: ReachedStage) -> i64 {
        self.entries
            .range(reached..)
            .map(|(_, (count, _))| count)
            .sum()
    }

    /// The same with when the last of them was offered.
    fn gave(&self, reached: ReachedStage) -> Gave {
        let last = self
            .entries
            .range(reached..)
            .filter_map(|(_, (_, last))| *last);
        (self.at_least(reached), last.max())
    }

    /// How many confirmed contributions of a kind.
    pub fn contributed(&self, kind: ContributionKind) -> i64 {
        self.contributions.get(&kind).copied().unwrap_or_default()
    }

    fn enter(&mut self, cell: &Cell) {
        let entry = self.entries.entry(cell.reached).or_default();
        entry.0 += cell.count;
        entry.1 = entry.1.max(Some(cell.last_offered_at));
        for (sums, value) in [
            (&mut self.expected, &cell.expected),
            (&mut self.realised, &cell.realised),
        ] {
            if let Some((currency, amount)) = value {
                sums.add(currency.clone(), *amount, cell.count);
            }
        }
    }

    fn add(&mut self, other: &Self) {
        for (reached, (count, last)) in &other.entries {
            let entry = self.entries.entry(*reached).or_default();
            entry.0 += count;
            entry.1 = entry.1.max(*last);
        }
        self.expected.add_all(&other.expected);
        self.realised.add_all(&other.realised);
        for (kind, count) in &other.contributions {
            *self.contributions.entry(*kind).or_default() += count;
        }
    }
}

/// What a party gave and what it received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// What it gave.
    pub given: Tally,
    /// What it received.
    pub received: Tally,
}

impl Ledger {
    fn side(&mut self, direction: Direction) -> &mut Tally {
        match direction {
            Direction::Given => &mut self.given,
            Direction::Received => &mut self.received,
        }
    }

    /// Enters introductions.
    pub fn enter(&mut self, cell: &Cell) {
        self.side(cell.direction).enter(cell);
    }

    /// Enters confirmed contributions.
    pub fn contribute(&mut self, direction: Direction, kind: ContributionKind, count: i64) {
        let side = self.side(direction);
        *side.contributions.entry(kind).or_default() += count;
    }

    /// Whether nothing was given or received at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How many were given and received, of a measure.
    pub fn weighed(&self, measure: BalanceMeasure) -> (i64, i64) {
        let reached = weighed(measure);
        (
            self.given.at_least(reached),
            self.received.at_least(reached),
        )
    }

    /// The balance of a measure.
    pub fn balance(&self, measure: BalanceMeasure) -> Option<f64> {
        let (given, received) = self.weighed(measure);
        balance(given, received)
    }

    /// What the balance comes to.
    pub fn verdict(&self, terms: &BalanceTerms) -> Verdict {
        let (given, received) = self.weighed(terms.measure);
        verdict(given, received, terms)
    }

    /// Whose turn it is.
    pub fn whose_turn(&self, measure: BalanceMeasure) -> Option<Side> {
        let reached = weighed(measure);
        whose_turn(self.given.gave(reached), self.received.gave(reached))
    }
}

/// The ledgers of a firm: by partnership, and by month over all of these.
#[derive(Clone, Debug, Default)]
pub struct Ledgers {
    pub partnerships: BTreeMap<Uuid, Ledger>,
    /// By the first day of the month; introductions alone, without their values.
    pub months: BTreeMap<Date, Ledger>,
}

impl Ledgers {
    /// All partnerships together.
    pub fn total(&self) -> Ledger {
        let mut total = Ledger::default();
        for ledger in self.partnerships.values() {
            total.given.add(&ledger.given);
            total.received.add(&ledger.received);
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An introduction that was offered, as nobody's in particular.
    #[derive(Clone, Debug)]
    struct Offered {
        partnership: u128,
        by_first: bool,
        reached: ReachedStage,
        expected: Option<(Currency, i64)>,
        realised: Option<(Currency, i64)>,
        second: i64,
    }

    fn value() -> impl Strategy<Value = Option<(Currency, i64)>> {
        proptest::option::of((
            prop_oneof![Just("USD"), Just("EUR"), Just("JPY")]
                .prop_map(|code| code.parse().unwrap()),
            0_i64..1_000_000_000,
        ))
    }

    fn offered() -> impl Strategy<Value = Offered> {
        (
            0_u128..4,
            any::<bool>(),
            proptest::sample::select(ReachedStage::ALL),
            value(),
            value(),
            0_i64..100,
        )
            .prop_map(
                |(partnership, by_first, reached, expected, realised, second)| Offered {
                    partnership,
                    by_first,
                    reached,
                    expected,
                    realised,
                    second,
                },
            )
    }

    fn history() -> impl Strategy<Value = Vec<Offered>> {
        proptest::collection::vec(offered(), 0..40)
    }

    /// As the first party sees it, or the other.
    fn cell(one: &Offered, seen_by_first: bool) -> Cell {
        Cell {
            direction: Direction::of(one.by_first == seen_by_first),
            reached: one.reached,
            count: 1,
            expected: one.expected.clone(),
            realised: one.realised.clone(),
            last_offered_at: Timestamp::from_microsecond(one.second * 1_000_000),
        }
    }

    fn ledger(history: &[Offered], seen_by_first: bool) -> Ledger {
        let mut ledger = Ledger::default();
        history
            .iter()
            .for_each(|one| ledger.enter(&cell(one, seen_by_first)));
        ledger
    }

    fn mirrored(verdict: Verdict) -> Verdict {
        match verdict {
            Verdict::WeGiveMore => Verdict::TheyGiveMore,
            Verdict::TheyGiveMore => Verdict::WeGiveMore,
            same => same,
        }
    }

    #[test]
    fn a_stage_counts_for_whoever_got_there_or_further() {
        let one = |reached| Offered {
            partnership: 0,
            by_first: true,
            reached,
            expected: None,
            realised: None,
            second: 1,
        };
        let history = [one(ReachedStage::Met), one(ReachedStage::Accepted)];
        let given = ledger(&history, true).given;
        let counts: Vec<i64> = ReachedStage::ALL
            .iter()
            .map(|reached| given.at_least(*reached))
            .collect();
        assert_eq!(counts, [2, 2, 1, 1, 1, 0]);
    }

    #[test]
    fn values_are_added_within_a_currency_and_never_across() {
        let one = |code: &str, amount| Offered {
            partnership: 0,
            by_first: true,
            reached: ReachedStage::Offered,
            expected: Some((code.parse().unwrap(), amount)),
            realised: None,
            second: 1,
        };
        let history = [one("USD", 6_000), one("EUR", 5_000), one("USD", 4_000)];
        let given = ledger(&history, true).given;
        let told: Vec<_> = given
            .expected
            .iter()
            .map(|(currency, amount, count)| (currency.as_str().to_owned(), amount, count))
            .collect();
        assert_eq!(
            told,
            [("EUR".to_owned(), 5_000, 1), ("USD".to_owned(), 10_000, 2)]
        );
        assert_eq!(given.realised, Sums::default());
    }

    proptest! {
        /// Whatever happened, the two parties read the same figures with opposite sign.
        #[test]
        fn one_party_reads_the_negation_of_the_other(history in history(), threshold in 0.0_f64..=1.0) {
            let (ours, theirs) = (ledger(&history, true), ledger(&history, false));
            prop_assert_eq!(&ours.given, &theirs.received);
            prop_assert_eq!(&ours.received, &theirs.given);
            for measure in BalanceMeasure::ALL {
                let agreed = super::super::model::Agreed { threshold, measure: *measure };
                let terms = BalanceTerms::of(Some(agreed));
                prop_assert_eq!(ours.balance(*measure), theirs.balance(*measure).map(|balance| -balance));
                prop_assert_eq!(ours.verdict(&terms), mirrored(theirs.verdict(&terms)));
                prop_assert_eq!(ours.whose_turn(*measure), theirs.whose_turn(*measure).map(Side::other));
            }
        }

        /// The total is what all partnerships are together, in whatever order they are added.
        #[test]
        fn totals_are_the_sum_over_partnerships(history in history()) {
            let mut ledgers = Ledgers::default();
            for one in &history {
                let id = Uuid::from_u128(one.partnership);
                ledgers.partnerships.entry(id).or_default().enter(&cell(one, true));
            }
            let total = ledgers.total();
            prop_assert_eq!(&total, &ledger(&history, true));
            for reached in ReachedStage::ALL {
                let sum: i64 = ledgers.partnerships.values().map(|one| one.given.at_least(*reached)).sum();
                prop_assert_eq!(total.given.at_least(*reached), sum);
            }
        }

        /// One more introduction changes the stages that it reached, on its side, and its currencies.
        #[test]
        fn one_more_changes_only_what_it_should(history in history(), one in offered()) {
            let before = ledger(&history, true);
            let mut after = before.clone();
            after.enter(&cell(&one, true));
            let (mut was, mut is) = (before, after);
            if !one.by_first {
                std::mem::swap(&mut was.given, &mut was.received);
                std::mem::swap(&mut is.given, &mut is.received);
            }
            prop_assert_eq!(&was.received, &is.received);
            for reached in ReachedStage::ALL {
                let more = i64::from(*reached <= one.reached);
                prop_assert_eq!(is.given.at_least(*reached), was.given.at_least(*reached) + more);
            }
            for (was, is, value) in [
                (&was.given.expected, &is.given.expected, &one.expected),
                (&was.given.realised, &is.given.realised, &one.realised),
            ] {
                let mut expected = was.clone();
                if let Some((currency, amount)) = value {
                    expected.add(currency.clone(), *amount, 1);
                }
                prop_assert_eq!(&expected, is);
            }
            for kind in ContributionKind::ALL {
                prop_assert_eq!(was.given.contributed(*kind), is.given.contributed(*kind));
            }
        }
    }
}

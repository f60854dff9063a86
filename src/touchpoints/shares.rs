//! What of a cost each guest receives, and how that stands to the limit; the rules of the module's documentation.

use super::content::NewTouchpointGuest;
use crate::parties::Side;
use crate::platform::values::Date;

/// The months that a total is about.
const MONTHS: i64 = 12;
/// From so many hundredths of the limit on a total is near it.
const NEAR: i128 = 80;

/// What each guest receives of a cost that the party of the author paid, in their order.
pub fn shares(cost_minor: i64, guests: &[NewTouchpointGuest]) -> Vec<i64> {
    let receives = |guest: &NewTouchpointGuest| guest.side == Side::Them;
    let receivers = guests.iter().filter(|guest| receives(guest)).count();
    let receivers = i64::try_from(receivers).unwrap_or(i64::MAX);
    let each = cost_minor.checked_div(receivers).unwrap_or_default();
    let mut over = cost_minor.checked_rem(receivers).unwrap_or_default();
    let mut share = |guest: &NewTouchpointGuest| {
        if !receives(guest) {
            return 0;
        }
        let unit = over.min(1);
        over -= unit;
        each + unit
    };
    guests.iter().map(&mut share).collect()
}

/// The date after which the twelve months to a date begin.
pub fn before(as_of_on: Date) -> Date {
    as_of_on.plus_months(-MONTHS)
}

/// The date up to which one belongs to some twelve months, without it.
pub fn beyond(on: Date) -> Date {
    on.plus_months(MONTHS).plus_days(1)
}

/// The most that somebody received in any twelve months to which a date belongs, of dated shares among which is one
/// of that date; the earliest first.
pub fn most(on: Date, received: &[(Date, i64)]) -> i64 {
    let begins = received.partition_point(|(date, _)| *date <= before(on));
    let near = received.get(begins..).unwrap_or_default();
    // The twelve months to each date in turn: a date comes in, and those that are a year before it go.
    let mut oldest = near.iter().peekable();
    let (mut sum, mut most) = (0_i128, 0);
    for (end, share) in near {
        let first = before(*end);
        if first >= on {
            break;
        }
        sum += i128::from(*share);
        while let Some((_, gone)) = oldest.next_if(|(date, _)| *date <= first) {
            sum -= i128::from(*gone);
        }
        if *end >= on {
            most = sum.max(most);
        }
    }
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// Whether a total has come to 80 % of a limit.
pub fn is_near(total: i64, limit: i64) -> bool {
    i128::from(total) * 100 >= i128::from(limit) * NEAR
}

/// Whether a total is above a limit.
pub fn is_over(total: i64, limit: i64) -> bool {
    total > limit
}

#[cfg(test)]
mod tests {
    use super::super::content::tests::guest;
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// The example of the module's documentation.
    #[test]
    fn a_cost_is_shared_by_the_guests_of_the_other_firm_and_the_first_receive_what_is_left_over() {
        let guests = [
            guest(Side::Us, "Ana"),
            guest(Side::Them, "Dana"),
            guest(Side::Them, "Otis"),
            guest(Side::Them, "Pia"),
        ];
        assert_eq!(shares(10_000, &guests), [0, 3_334, 3_333, 3_333]);
        assert_eq!(shares(2, &guests), [0, 1, 1, 0]);
        assert_eq!(shares(10_000, &guests[..1]), [0]);
        assert!(shares(10_000, &[]).is_empty());
    }

    proptest! {
        #[test]
        fn shares_add_up_and_differ_by_one_unit_at_most(cost in 0_i64..9_007_199_254_740_991, theirs in 1_usize..50) {
            let mut guests = vec![guest(Side::Them, "Dana"); theirs];
            guests.insert(theirs / 2, guest(Side::Us, "Ana"));
            let mut shares = shares(cost, &guests);
            prop_assert_eq!(shares.remove(theirs / 2), 0);
            prop_assert_eq!(shares.iter().sum::<i64>(), cost);
            prop_assert!(shares.first().unwrap() - shares.last().unwrap() <= 1);
        }
    }

    /// The examples of the module's documentation.
    #[test]
    fn twelve_months_begin_after_the_same_date_a_year_before() {
        let on = date("2026-03-02");
        assert_eq!(before(on), date("2025-03-02"));
        let received = |other: &str| {
            let mut both = [(date(other), 100), (on, 10)];
            both.sort();
            both
        };
        assert_eq!(most(on, &received("2025-03-02")), 10);
        assert_eq!(most(on, &received("2025-03-03")), 110);
        // What was written down later, and was later.
        assert_eq!(most(on, &received("2027-03-01")), 110);
        assert_eq!(most(on, &received("2027-03-02")), 10);
        // The dates at both ends belong to no twelve months together.
        let three = [(date("2025-04-01"), 5), (on, 10), (date("2026-12-01"), 7)];
        assert_eq!(most(on, &three), 17);
    }

    proptest! {
        /// Against every twelve months, one after the other.
        #[test]
        fn the_most_is_that_of_the_best_twelve_months(days in prop::collection::vec((0_i64..1500, 1_i64..100), 1..40), pick in 0_usize..40) {
            let first = date("2024-02-27");
            let mut received: Vec<(Date, i64)> = days.iter().map(|(day, share)| (first.plus_days(*day), *share)).collect();
            received.sort();
            let on = received[pick % received.len()].0;
            let total = |end: Date| received.iter().filter(|(at, _)| before(end) < *at && *at <= end).map(|(_, share)| share).sum::<i64>();
            let ends = (0..=366).map(|day| on.plus_days(day)).filter(|end| before(*end) < on);
            prop_assert_eq!(most(on, &received), ends.map(total).max().unwrap());
        }
    }

    #[test]
    fn eighty_per_cent_is_near_and_a_cent_above_the_limit_is_over() {
        let limit = 25_000;
        let stands = |total| (is_near(total, limit), is_over(total, limit));
        assert_eq!(stands(19_999), (false, false));
        assert_eq!(stands(20_000), (true, false));
        assert_eq!(stands(25_000), (true, false));
        assert_eq!(stands(25_001), (true, true));
        assert_eq!((is_near(0, 0), is_over(0, 0)), (true, false));
        assert!(is_near(i64::MAX, i64::MAX));
    }
}

//! Which days are business days, and what is so many of them later.

use std::collections::BTreeSet;
use std::ops::Bound::{self, Excluded, Included};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::plan::Weekday;
use crate::platform::values::Date;
use crate::words;

/// No run of days off is looked past for longer: a firm has [`MOST_HOLIDAYS`] holidays and works on one day of the
/// week at least.
const LONGEST_REST: usize = 7 * (MOST_HOLIDAYS + 1);
/// How many holidays a firm can have.
pub const MOST_HOLIDAYS: usize = 1000;

words! {
    /// What is counted.
    pub enum LagUnit {
        /// Calendar days.
        Days = "days",
        /// The days on which the firm works that will do the step.
        BusinessDays = "business_days",
    }
}

/// How long after a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"count": 3, "unit": "business_days"}))]
pub struct Lag {
    /// How many.
    #[schema(minimum = 0, maximum = 1000)]
    pub count: i32,
    /// Of what.
    pub unit: LagUnit,
}

/// The days on which a firm works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCalendar {
    weekend: Vec<Weekday>,
    holidays: BTreeSet<Date>,
}

impl Default for WorkCalendar {
    fn default() -> Self {
        Self::new([Weekday::Saturday, Weekday::Sunday], [])
    }
}

impl WorkCalendar {
    /// That of a firm with these days off.
    pub fn new(
        weekend: impl IntoIterator<Item = Weekday>,
        holidays: impl IntoIterator<Item = Date>,
    ) -> Self {
        Self {
            weekend: weekend.into_iter().collect(),
            holidays: holidays.into_iter().collect(),
        }
    }

    /// Whether the firm works on a date.
    pub fn is_open(&self, on: Date) -> bool {
        self.works_on(on) && !self.holidays.contains(&on)
    }

    /// The date, or the first business day after it.
    pub fn on_or_after(&self, on: Date) -> Date {
        self.first_open(on, 1)
    }

    /// The date, or the last business day before it.
    pub fn on_or_before(&self, on: Date) -> Date {
        self.first_open(on, -1)
    }

    /// The business day so many after a date; with none, the date or the first business day after it.
    pub fn plus(&self, on: Date, count: i32) -> Date {
        match count {
            ..=0 => self.on_or_after(on),
            _ => self.walk(on, count.into(), 1),
        }
    }

    /// The business day so many before a date; with none, the date or the last business day before it.
    pub fn minus(&self, on: Date, count: i32) -> Date {
        match count {
            ..=0 => self.on_or_before(on),
            _ => self.walk(on, count.into(), -1),
        }
    }

    /// So many business days on, or back. A week at a time, as long as more of them are left than it has; at the end of
    /// what the calendar can tell it stops.
    fn walk(&self, from: Date, count: i64, step: i64) -> Date {
        let week = self.days_of_week();
        let (mut on, mut left) = (from, count);
        while left > week {
            let next = on.plus_days(7 * step);
            if on.days_until(next) != 7 * step {
                break;
            }
            left -= week
                - match step {
                    1 => self.holidays_in((Excluded(on), Included(next))),
                    _ => self.holidays_in((Included(next), Excluded(on))),
                };
            on = next;
        }
        for _ in 0..left {
            let next = self.first_open(on.plus_days(step), step);
            if next == on {
                break;
            }
            on = next;
        }
        on
    }

    /// Whether the firm works on the day of the week of a date.
    fn works_on(&self, on: Date) -> bool {
        !self.weekend.contains(&Weekday::of(on))
    }

    /// On how many days of a week the firm works.
    fn days_of_week(&self) -> i64 {
        let days = Weekday::ALL.iter();
        counted(days.filter(|day| !self.weekend.contains(day)))
    }

    /// How many holidays of some dates are on days on which the firm would work.
    fn holidays_in(&self, dates: (Bound<Date>, Bound<Date>)) -> i64 {
        let holidays = self.holidays.range(dates);
        counted(holidays.filter(|day| self.works_on(**day)))
    }

    /// What is so long after a date.
    pub fn after(&self, on: Date, lag: Lag) -> Date {
        match lag.unit {
            LagUnit::Days => self.on_or_after(on.plus_days(lag.count.into())),
            LagUnit::BusinessDays => self.plus(on, lag.count),
        }
    }

    /// The last date after which [`Self::after`] comes to no later than this.
    pub fn last_before(&self, on: Date, lag: Lag) -> Date {
        let open = self.on_or_before(on);
        match (lag.unit, lag.count) {
            (LagUnit::Days, count) => open.plus_days(-i64::from(count)),
            (LagUnit::BusinessDays, ..=0) => open,
            (LagUnit::BusinessDays, count) => self.minus(open, count - 1).plus_days(-1),
        }
    }

    /// How many business days come after a date, up to and with another; none where that is earlier.
    pub fn count_between(&self, from: Date, to: Date) -> i32 {
        let days = from.days_until(to);
        if days <= 0 {
            return 0;
        }
        // However far apart they are: whole weeks, the days that are left, and without the holidays on such days.
        let rest = counted((0..days % 7).filter(|day| self.works_on(to.plus_days(-day))));
        let off = self.holidays_in((Excluded(from), Included(to)));
        i32::try_from(days / 7 * self.days_of_week() + rest - off).unwrap_or(i32::MAX)
    }

    fn first_open(&self, on: Date, step: i64) -> Date {
        let mut day = on;
        for _ in 0..LONGEST_REST {
            let next = day.plus_days(step);
            if self.is_open(day) {
                return day;
            }
            if next == day {
                break;
            }
            day = next;
        }
        on
    }
}

fn counted(days: impl Iterator) -> i64 {
    i64::try_from(days.count()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn may(day: i8) -> Date {
        Date::new(2026, 5, day).unwrap()
    }

    fn with_a_holiday() -> WorkCalendar {
        WorkCalendar::new([Weekday::Saturday, Weekday::Sunday], [may(25)])
    }

    fn lag(count: i32, unit: LagUnit) -> Lag {
        Lag { count, unit }
    }

    #[test]
    fn the_example_of_the_documentation_holds() {
        let calendar = with_a_holiday();
        assert_eq!(calendar.after(may(22), lag(2, LagUnit::Days)), may(26));
        assert_eq!(
            calendar.after(may(22), lag(1, LagUnit::BusinessDays)),
            may(26)
        );
        assert_eq!(
            calendar.after(may(22), lag(2, LagUnit::BusinessDays)),
            may(27)
        );
        assert_eq!(calendar.after(may(23), lag(0, LagUnit::Days)), may(26));
    }

    #[test]
    fn business_days_are_counted_from_the_day_after() {
        let calendar = with_a_holiday();
        assert_eq!(calendar.count_between(may(22), may(22)), 0);
        assert_eq!(calendar.count_between(may(22), may(25)), 0);
        assert_eq!(calendar.count_between(may(22), may(27)), 2);
        assert_eq!(calendar.count_between(may(27), may(22)), 0);
    }

    fn calendars() -> impl Strategy<Value = WorkCalendar> {
        let weekend = prop::sample::subsequence(Weekday::ALL.to_vec(), 0..=6);
        let holidays = prop::collection::vec(-30_i64..90, 0..12);
        (weekend, holidays).prop_map(|(weekend, holidays)| {
            let base = may(1);
            WorkCalendar::new(weekend, holidays.into_iter().map(|day| base.plus_days(day)))
        })
    }

    fn lags() -> impl Strategy<Value = Lag> {
        let unit = prop::sample::select(LagUnit::ALL.to_vec());
        (0_i32..12, unit).prop_map(|(count, unit)| lag(count, unit))
    }

    #[test]
    fn dates_that_are_far_apart_are_counted_at_once() {
        let (first, last) = (may(1), Date::new(9999, 12, 31).unwrap());
        for _ in 0..10_000 {
            assert_eq!(with_a_holiday().count_between(first, last), 2_080_229);
        }
    }

    #[test]
    fn where_the_calendar_ends_it_stops() {
        let closed_on_fridays = WorkCalendar::new([Weekday::Friday], []);
        let last = Date::new(9999, 12, 31).unwrap();
        for _ in 0..10_000 {
            assert_eq!(closed_on_fridays.plus(last, 1000), last);
            assert_eq!(closed_on_fridays.on_or_after(last), last);
        }
    }

    proptest! {
        #[test]
        fn business_days_on_and_back_are_those_that_are_walked(calendar in calendars(), day in -20_i64..60, count in 1_i32..60) {
            let from = may(1).plus_days(day);
            let one_by_one = |step: i64| {
                let days = (1..).map(|day| from.plus_days(day * step));
                let mut open = days.filter(|day| calendar.is_open(*day));
                open.nth(usize::try_from(count - 1).unwrap()).unwrap()
            };
            prop_assert_eq!(calendar.plus(from, count), one_by_one(1));
            prop_assert_eq!(calendar.minus(from, count), one_by_one(-1));
        }

        #[test]
        fn business_days_are_counted_as_by_looking_at_each(calendar in calendars(), day in -20_i64..60, length in -5_i64..60) {
            let from = may(1).plus_days(day);
            let each = (1..=length).filter(|day| calendar.is_open(from.plus_days(*day))).count();
            prop_assert_eq!(calendar.count_between(from, from.plus_days(length)), i32::try_from(each).unwrap());
        }

        #[test]
        fn what_comes_after_is_a_business_day_and_no_earlier(calendar in calendars(), day in 0_i64..60, lag in lags()) {
            let from = may(1).plus_days(day);
            let after = calendar.after(from, lag);
            prop_assert!(calendar.is_open(after));
            prop_assert!(after >= from);
        }

        #[test]
        fn the_last_date_before_is_the_last_one(calendar in calendars(), day in 0_i64..60, lag in lags()) {
            let to = may(1).plus_days(day);
            let last = calendar.last_before(to, lag);
            prop_assert!(calendar.after(last, lag) <= to);
            prop_assert!(calendar.after(last.plus_days(1), lag) > to);
        }
    }
}

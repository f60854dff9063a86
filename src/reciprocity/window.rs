//! The window of calendar dates that a report is about.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::platform::error::{ApiResult, Problem};
use crate::platform::values::{Date, TimeZone, Timestamp};

/// How long a window is unless told.
const DAYS: i64 = 365;
/// The longest one: a hundred years.
const MOST_DAYS: i64 = 36_525;

/// Which window, in calendar dates of UTC.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WindowQuery {
    /// The first date that counts; 365 days before `to` unless told.
    #[param(inline)]
    pub from: Option<Date>,
    /// The first date that does not count any more; tomorrow unless told.
    #[param(inline)]
    pub to: Option<Date>,
}

/// `[from, to)` in calendar dates of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first date that counts.
    pub from: Date,
    /// The first date that does not.
    pub to: Date,
}

impl Window {
    /// The window that was asked for, at this instant.
    pub fn of(from: Option<Date>, to: Option<Date>, now: Timestamp) -> ApiResult<Self> {
        let to = to.unwrap_or_else(|| now.date_in(&TimeZone::utc()).plus_days(1));
        let from = from.unwrap_or_else(|| to.plus_days(-DAYS));
        let told =
            |name: &str, detail: &str| Err(Problem::malformed(name, "window", detail).into());
        let days = from.days_until(to);
        if Date::new(1900, 1, 1).is_none_or(|first| from < first) {
            told("from", "It begins in 1900 or later.")
        } else if Date::new(2200, 1, 1).is_none_or(|last| to > last) {
            told("to", "It ends before 2200.")
        } else if days < 1 {
            told("to", "It must be later than `from`.")
        } else if days > MOST_DAYS {
            told("to", "A window is a hundred years at most.")
        } else {
            Ok(Self { from, to })
        }
    }

    /// A hundred years more on both sides.
    #[must_use]
    pub fn widened(self) -> Self {
        Self {
            from: self.from.plus_days(-MOST_DAYS),
            to: self.to.plus_days(MOST_DAYS),
        }
    }

    /// The instant at which it begins, and the first one after it.
    pub fn instants(self) -> (Timestamp, Timestamp) {
        let utc = TimeZone::utc();
        (self.from.start_in(&utc), self.to.start_in(&utc))
    }

    /// Its months, the first and the last cut where it begins and ends.
    pub fn months(self) -> Vec<Self> {
        let mut months = Vec::new();
        let mut from = self.from;
        while from < self.to {
            let to = from.next_month().min(self.to);
            months.push(Self { from, to });
            from = to;
        }
        months
    }

    /// Whether a date is in it.
    pub fn has(self, date: Date) -> bool {
        self.from <= date && date < self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn window(from: &str, to: &str) -> Window {
        Window {
            from: date(from),
            to: date(to),
        }
    }

    #[test]
    fn the_months_of_a_window_are_cut_where_it_begins_and_ends() {
        let months = window("2026-01-20", "2026-03-10").months();
        let expected = [
            window("2026-01-20", "2026-02-01"),
            window("2026-02-01", "2026-03-01"),
            window("2026-03-01", "2026-03-10"),
        ];
        assert_eq!(months, expected);
        let one_day = window("2026-12-31", "2027-01-01");
        assert_eq!(one_day.months(), [one_day]);
    }

    #[test]
    fn a_window_is_the_last_365_days_unless_told_and_never_upside_down() {
        let now = Timestamp::from_microsecond(1_772_443_800_000_000);
        let of = |from: Option<&str>, to: Option<&str>| {
            Window::of(from.map(date), to.map(date), now).ok()
        };
        assert_eq!(of(None, None), Some(window("2025-03-03", "2026-03-03")));
        assert_eq!(
            of(None, Some("2026-01-01")),
            Some(window("2025-01-01", "2026-01-01"))
        );
        assert_eq!(
            of(Some("2026-03-02"), None),
            Some(window("2026-03-02", "2026-03-03"))
        );
        assert_eq!(of(Some("2026-03-02"), Some("2026-03-02")), None);
        assert_eq!(of(Some("1899-12-31"), Some("1900-02-01")), None);
        assert_eq!(of(Some("1950-01-01"), Some("2060-01-01")), None);
    }

    #[test]
    fn a_window_begins_and_ends_at_midnight_in_utc() {
        let (from, to) = window("2026-03-01", "2026-03-02").instants();
        assert_eq!(from.to_string(), "2026-03-01T00:00:00Z");
        assert_eq!(to.to_string(), "2026-03-02T00:00:00Z");
    }

    proptest::proptest! {
        #[test]
        fn the_months_make_up_the_window(from in 0_i64..70_000, days in 1_i64..2_000) {
            let from = date("1990-01-01").plus_days(from % 40_000);
            let window = Window { from, to: from.plus_days(days) };
            let months = window.months();
            let mut next = window.from;
            for month in &months {
                proptest::prop_assert_eq!(month.from, next);
                proptest::prop_assert!(month.from < month.to);
                next = month.to;
            }
            proptest::prop_assert_eq!(next, window.to);
        }
    }
}

//! The series of weekly conversations: `FREQ=WEEKLY;BYDAY=…` (RFC 5545) at a time of day in a zone.
//!
//! A rule is expanded as dates of a calendar, and each date is resolved to an instant by itself: 09:30 stays 09:30
//! for the firm whose zone it is, however the clocks are set in between. A time that a clock skips is read as the
//! same distance after the gap.
//!
//! *Example: on Tuesdays at 09:30 in Berlin, 24 March 2026 begins at 08:30 UTC and 31 March at 07:30 UTC, since the
//! clocks go forward on the 29th; a partner in New York reads 04:30 and 03:30, since there they went forward on 8
//! March already.*

use crate::plan::{CommunicationProtocol, Weekday};
use crate::platform::local::LocalTime;
use crate::platform::values::{Date, TimeZone, Timestamp};

/// The dates of a weekday in `[from, to)`, each with the instant at which the clocks of the zone show the time.
///
/// ```
/// use quid::meetings::occurrences;
/// use quid::plan::Weekday;
/// use quid::platform::values::Date;
///
/// let (time, zone) = ("09:30".parse().unwrap(), "Europe/Berlin".parse().unwrap());
/// let (from, to) = (Date::new(2026, 3, 20).unwrap(), Date::new(2026, 4, 1).unwrap());
/// let found = occurrences(Weekday::Tuesday, time, &zone, from, to);
/// let shown: Vec<_> = found.iter().map(|(on, at)| format!("{on} {at}")).collect();
/// assert_eq!(shown, ["2026-03-24 2026-03-24T08:30:00Z", "2026-03-31 2026-03-31T07:30:00Z"]);
/// ```
pub fn occurrences(
    weekday: Weekday,
    time: LocalTime,
    zone: &TimeZone,
    from: Date,
    to: Date,
) -> Vec<(Date, Timestamp)> {
    (0..from.days_until(to))
        .map(|day| from.plus_days(day))
        .filter(|on| Weekday::of(*on) == weekday)
        .map(|on| (on, on.at(time, zone)))
        .collect()
}

/// The rule of a weekday, as calendars write it (RFC 5545, 3.3.10): `FREQ=WEEKLY;BYDAY=TU`.
pub fn rule(weekday: Weekday) -> String {
    let day = match weekday {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    };
    format!("FREQ=WEEKLY;BYDAY={day}")
}

/// The dates of a protocol's conversations in `[from, to)`, each with its instant.
pub(super) fn of(protocol: &CommunicationProtocol, from: Date, to: Date) -> Vec<(Date, Timestamp)> {
    // A protocol that was agreed has a time of day: its schema says so.
    match protocol.time.parse() {
        Ok(time) => occurrences(protocol.weekday, time, &protocol.time_zone, from, to),
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::local::WallClock;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn zone(name: &str) -> TimeZone {
        name.parse().unwrap()
    }

    fn starts(weekday: Weekday, time: &str, of: &str, from: &str, to: &str) -> Vec<String> {
        let found = occurrences(
            weekday,
            time.parse().unwrap(),
            &zone(of),
            date(from),
            date(to),
        );
        found.iter().map(|(_, at)| at.to_string()).collect()
    }

    #[test]
    fn half_past_nine_in_berlin_stays_so_when_the_clocks_go_forward_and_back() {
        let found = starts(
            Weekday::Tuesday,
            "09:30",
            "Europe/Berlin",
            "2026-03-24",
            "2026-04-01",
        );
        assert_eq!(found, ["2026-03-24T08:30:00Z", "2026-03-31T07:30:00Z"]);
        let found = starts(
            Weekday::Tuesday,
            "09:30",
            "Europe/Berlin",
            "2026-10-20",
            "2026-10-28",
        );
        assert_eq!(found, ["2026-10-20T07:30:00Z", "2026-10-27T08:30:00Z"]);
    }

    #[test]
    fn half_past_nine_in_new_york_stays_so_when_the_clocks_go_forward_and_back() {
        let zone = "America/New_York";
        let found = starts(Weekday::Sunday, "09:30", zone, "2026-03-01", "2026-03-09");
        assert_eq!(found, ["2026-03-01T14:30:00Z", "2026-03-08T13:30:00Z"]);
        let found = starts(Weekday::Sunday, "09:30", zone, "2026-10-25", "2026-11-02");
        assert_eq!(found, ["2026-10-25T13:30:00Z", "2026-11-01T14:30:00Z"]);
    }

    #[test]
    fn the_partner_in_the_other_zone_reads_another_time_while_only_one_has_changed_its_clocks() {
        let time = "09:30".parse().unwrap();
        let (from, to) = (date("2026-03-03"), date("2026-04-01"));
        let found = occurrences(Weekday::Tuesday, time, &zone("Europe/Berlin"), from, to);
        let read = |name: &str| -> Vec<String> {
            let shown = found.iter().map(|(_, at)| WallClock::at(*at, &zone(name)));
            shown.map(|clock| clock.time).collect()
        };
        assert_eq!(read("Europe/Berlin"), ["09:30"; 5]);
        let theirs = ["03:30", "04:30", "04:30", "04:30", "03:30"];
        assert_eq!(read("America/New_York"), theirs);
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_moved_past_the_gap_for_that_day_alone() {
        let found = starts(
            Weekday::Sunday,
            "02:30",
            "America/New_York",
            "2026-03-01",
            "2026-03-16",
        );
        let expected = [
            "2026-03-01T07:30:00Z",
            "2026-03-08T07:30:00Z",
            "2026-03-15T06:30:00Z",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_first_day_counts_and_the_last_does_not() {
        let on = |from: &str, to: &str| starts(Weekday::Monday, "12:00", "UTC", from, to).len();
        assert_eq!(on("2026-03-02", "2026-03-09"), 1);
        assert_eq!(on("2026-03-02", "2026-03-10"), 2);
        assert_eq!(on("2026-03-03", "2026-03-09"), 0);
        assert_eq!(on("2026-03-09", "2026-03-02"), 0);
    }

    #[test]
    fn the_rule_is_written_as_calendars_write_it() {
        let days: Vec<String> = Weekday::ALL.iter().map(|day| rule(*day)).collect();
        assert_eq!(days.first().unwrap(), "FREQ=WEEKLY;BYDAY=MO");
        assert_eq!(days.last().unwrap(), "FREQ=WEEKLY;BYDAY=SU");
    }

    /// The number of a day of the week, from 1 for Monday.
    const fn number(weekday: Weekday) -> i64 {
        match weekday {
            Weekday::Monday => 1,
            Weekday::Tuesday => 2,
            Weekday::Wednesday => 3,
            Weekday::Thursday => 4,
            Weekday::Friday => 5,
            Weekday::Saturday => 6,
            Weekday::Sunday => 7,
        }
    }

    proptest::proptest! {
        #[test]
        fn every_occurrence_is_on_its_weekday_a_week_after_the_one_before(
            day in 0_usize..7, hour in 0_i8..24, minute in 0_i8..60, start in 0_i64..9_000, length in 0_i64..600,
            zone_name in proptest::sample::select(vec!["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]),
        ) {
            let weekday = Weekday::ALL[day];
            let from = date("2010-01-01").plus_days(start);
            let to = from.plus_days(length);
            let time = LocalTime::new(hour, minute).unwrap();
            let zone = zone(zone_name);
            let found = occurrences(weekday, time, &zone, from, to);
            proptest::prop_assert!(found.iter().all(|(on, _)| i64::from(on.weekday()) == number(weekday)));
            proptest::prop_assert!(found.iter().all(|(on, _)| from <= *on && *on < to));
            proptest::prop_assert!(found.windows(2).all(|pair| pair[0].0.plus_days(7) == pair[1].0 && pair[0].1 < pair[1].1));
            let days = (0..length).filter(|day| i64::from(from.plus_days(*day).weekday()) == number(weekday));
            proptest::prop_assert_eq!(found.len(), days.count());
        }
    }
}

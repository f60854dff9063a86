//! Times of day as clocks on the wall show them, and where they fall in a zone.
//!
//! All of it is jiff's. A local time that a clock skips is read as the same distance after the gap, and one that
//! it shows twice as the first of the two (the disambiguation that RFC 5545 asks for, and that jiff calls
//! `compatible`).

use std::str::FromStr;

use serde::Serialize;
use utoipa::ToSchema;

use super::values::{Date, Period, TimeZone, Timestamp};

/// A time of day, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime(jiff::civil::Time);

impl LocalTime {
    /// The time, if there is such a one.
    pub fn new(hour: i8, minute: i8) -> Option<Self> {
        jiff::civil::Time::new(hour, minute, 0, 0).ok().map(Self)
    }

    /// Its hour, 0 to 23.
    pub fn hour(self) -> i8 {
        self.0.hour()
    }

    /// Its minute.
    pub fn minute(self) -> i8 {
        self.0.minute()
    }
}

/// `09:30`.
impl FromStr for LocalTime {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (hour, minute) = text.split_once(':').ok_or("is no time of day")?;
        let number = |part: &str| part.parse().map_err(|_| "is no time of day");
        Self::new(number(hour)?, number(minute)?).ok_or("is no time of day")
    }
}

impl Date {
    /// The instant at which the clocks of a zone show this time on this date.
    pub fn at(self, time: LocalTime, zone: &TimeZone) -> Timestamp {
        self.0
            .to_datetime(time.0)
            .to_zoned(zone.resolve())
            .map(|zoned| Timestamp::rounded(zoned.timestamp()))
            .unwrap_or_else(|_| self.end_in(zone))
    }

    /// The day of its week: 1 is Monday, 7 Sunday (ISO 8601).
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }

    /// The Monday of its week (ISO 8601).
    #[must_use]
    pub fn monday(self) -> Self {
        self.plus_days(1 - i64::from(self.weekday()))
    }
}

/// What a calendar and a clock on a wall show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"shown_on": "2026-03-03", "time": "09:30", "time_zone": "America/Denver"}))]
pub struct WallClock {
    /// The date.
    pub shown_on: Date,
    /// The time, on a clock of 24 hours.
    #[schema(
        pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$",
        max_length = 5,
        example = "09:30"
    )]
    pub time: String,
    /// The zone.
    pub time_zone: TimeZone,
}

impl WallClock {
    /// In a zone, at an instant.
    pub fn at(instant: Timestamp, zone: &TimeZone) -> Self {
        let zoned = instant.0.to_zoned(zone.resolve());
        Self {
            shown_on: Date(zoned.date()),
            time: format!("{:02}:{:02}", zoned.hour(), zoned.minute()),
            time_zone: zone.clone(),
        }
    }
}

impl Period {
    /// How many days that is, from a day of 24 hours on; a month is as long as January. One at least.
    pub fn days(&self) -> i64 {
        let start = jiff::civil::date(2026, 1, 1).at(0, 0, 0, 0);
        let end = self.as_str().parse::<jiff::Span>();
        let end = end
            .and_then(|span| start.checked_add(span))
            .unwrap_or(start);
        Date(start.date()).days_until(Date(end.date())).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        "Europe/Berlin".parse().unwrap()
    }

    #[test]
    fn a_time_that_is_skipped_is_read_after_the_gap_and_one_shown_twice_as_the_first() {
        let half_past_two: LocalTime = "02:30".parse().unwrap();
        let spring = Date::new(2026, 3, 29).unwrap().at(half_past_two, &berlin());
        assert_eq!(spring.to_string(), "2026-03-29T01:30:00Z");
        assert_eq!(WallClock::at(spring, &berlin()).time, "03:30");
        let autumn = Date::new(2026, 10, 25)
            .unwrap()
            .at(half_past_two, &berlin());
        assert_eq!(autumn.to_string(), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn a_week_begins_on_monday() {
        let sunday = Date::new(2026, 3, 8).unwrap();
        assert_eq!(
            (sunday.weekday(), sunday.monday().to_string()),
            (7, "2026-03-02".to_owned())
        );
        assert_eq!(sunday.plus_days(1).monday(), sunday.plus_days(1));
    }

    #[test]
    fn what_is_no_time_of_day_does_not_parse() {
        for odd in ["", "9", "24:00", "12:60", "12:30:00", "-1:10"] {
            assert!(odd.parse::<LocalTime>().is_err(), "{odd}");
        }
    }
}

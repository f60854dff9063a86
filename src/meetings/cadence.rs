//! The cadence: in which weeks the two spoke.
//!
//! A week is one of ISO 8601, Monday to Sunday, in the zone of the protocol in force. Of each week since a protocol first
//! came in force:
//!
//! | a week is | when |
//! |---|---|
//! | `kept` | the two spoke in it, whether the series asked for it or not |
//! | `missed` | it is over, they did not speak, and a conversation of the series was to begin in it that was neither skipped nor cancelled |
//! | `neither` | else: the one that was due was skipped or moved away with a reason, none was due, or the week is not over |
//!
//! Where a conversation counts is decided by when it was held; where one is due, by when it is to begin: one that was
//! moved is due where it was moved to. The **streak** is the number of weeks that were kept, from this one or the last
//! back to the last that was missed; weeks that are neither do not count and do not break it. **Due** are the weeks
//! kept and those missed.
//!
//! *Example: protocol in force since week 10, conversations on Tuesdays; it is Wednesday of week 15. Week 10: held. 11:
//! missed. 12: held. 13: skipped, with a reason. 14: held on Friday besides the series. 15: the one of Tuesday is not
//! recorded. The streak is 2 (14 and 12; 15 is not over, 13 neither keeps nor breaks, 11 breaks). Of 4 weeks due 3 were
//! kept. If the two speak on Thursday the streak is 3, and the next one is due on Tuesday of week 16.*
//!
//! **Next due** is the first conversation that is planned, from this week on, in a week that was not kept: so one that
//! was held besides moves the cadence on, and one that should have been held this week is due still.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::values::{Date, TimeZone, Timestamp};

/// A conversation that was held, or one of the series that is or was to be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The meeting.
    pub id: Uuid,
    /// When it was held; `None` for one that was not.
    pub held_at: Option<Timestamp>,
    /// When it is to begin.
    pub starts_at: Timestamp,
    /// Whether the series asks for it.
    pub is_of_series: bool,
}

/// A week in which the two spoke, or should have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConversationWeek {
    /// Its Monday.
    pub week_on: Date,
    /// Whether they spoke; otherwise it was missed.
    pub kept: bool,
    /// The conversations that were held, or the ones that were missed.
    pub meeting_ids: Vec<Uuid>,
}

/// The cadence of a partnership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// The weeks due in the window, the earliest first.
    pub weeks: Vec<ConversationWeek>,
    /// How many weeks one after the other were kept, to this day.
    pub streak: i64,
    /// The conversation that is due next.
    pub next_due: Option<Uuid>,
}

/// Works the cadence out. `since` is when a protocol first came in force, `window` are the dates, from the first to
/// before the last, whose weeks are told; the streak looks further back.
pub fn cadence(
    spoken: &[Spoken],
    since: Timestamp,
    zone: &TimeZone,
    window: (Date, Date),
    now: Timestamp,
) -> Cadence {
    let week = |instant: Timestamp| instant.date_in(zone).monday();
    let (first, this) = (week(since), week(now));
    let by_week = by_week(spoken, week);
    let weeks: Vec<ConversationWeek> = weeks_from(first, this)
        .filter_map(|monday| judge(by_week.get(&monday)?, monday, this))
        .collect();
    let last_miss = weeks.iter().rposition(|one| !one.kept);
    let streak = last_miss.map_or(weeks.len(), |place| weeks.len() - place - 1);
    let kept: BTreeSet<Date> = weeks
        .iter()
        .filter(|one| one.kept)
        .map(|one| one.week_on)
        .collect();
    let next = spoken.iter().filter(|one| {
        let on = week(one.starts_at);
        one.held_at.is_none() && on >= this && !kept.contains(&on)
    });
    let (from, to) = window;
    Cadence {
        next_due: next
            .min_by_key(|one| (one.starts_at, one.id))
            .map(|one| one.id),
        streak: i64::try_from(streak).unwrap_or(i64::MAX),
        weeks: weeks
            .into_iter()
            .filter(|one| from <= one.week_on && one.week_on < to)
            .collect(),
    }
}

fn weeks_from(first: Date, last: Date) -> impl Iterator<Item = Date> {
    let weeks = first.days_until(last) / 7;
    (0..=weeks).map(move |week| first.plus_days(week * 7))
}

/// The conversations that were held in a week, and those of the series that are to begin in it.
#[derive(Default)]
struct Week {
    held: Vec<Uuid>,
    due: Vec<Uuid>,
}

/// By the Monday of each week.
fn by_week(spoken: &[Spoken], week: impl Fn(Timestamp) -> Date) -> BTreeMap<Date, Week> {
    let mut weeks: BTreeMap<Date, Week> = BTreeMap::new();
    for one in spoken {
        if let Some(held_at) = one.held_at {
            weeks.entry(week(held_at)).or_default().held.push(one.id);
        }
        if one.is_of_series {
            let due = &mut weeks.entry(week(one.starts_at)).or_default().due;
            due.push(one.id);
        }
    }
    weeks
}

/// What became of a week; `None` for one that is neither kept nor missed.
fn judge(week: &Week, monday: Date, this: Date) -> Option<ConversationWeek> {
    let is_over = monday < this;
    let told = |kept, meeting_ids: &[Uuid]| ConversationWeek {
        week_on: monday,
        kept,
        meeting_ids: meeting_ids.to_vec(),
    };
    match (week.held.is_empty(), week.due.is_empty()) {
        (false, _) => Some(told(true, &week.held)),
        (true, false) if is_over => Some(told(false, &week.due)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        let parsed: jiff::Timestamp = text.parse().unwrap();
        Timestamp::rounded(parsed)
    }

    fn one(id: u128, starts: &str, held: Option<&str>, is_of_series: bool) -> Spoken {
        Spoken {
            id: Uuid::from_u128(id),
            held_at: held.map(at),
            starts_at: at(starts),
            is_of_series,
        }
    }

    /// What is skipped or cancelled is not among them. Week 10 of 2026 begins on 2 March.
    fn example() -> Vec<Spoken> {
        vec![
            one(
                10,
                "2026-03-03T08:30:00Z",
                Some("2026-03-03T08:31:00Z"),
                true,
            ),
            one(11, "2026-03-10T08:30:00Z", None, true),
            one(
                12,
                "2026-03-17T08:30:00Z",
                Some("2026-03-17T08:30:00Z"),
                true,
            ),
            one(
                14,
                "2026-04-03T12:00:00Z",
                Some("2026-04-03T12:00:00Z"),
                false,
            ),
            one(15, "2026-04-07T07:30:00Z", None, true),
            one(16, "2026-04-14T07:30:00Z", None, true),
        ]
    }

    fn of(spoken: &[Spoken], now: &str) -> Cadence {
        let zone = "Europe/Berlin".parse().unwrap();
        let window = (
            Date::new(2026, 1, 1).unwrap(),
            Date::new(2027, 1, 1).unwrap(),
        );
        cadence(spoken, at("2026-03-02T10:00:00Z"), &zone, window, at(now))
    }

    fn told(cadence: &Cadence) -> Vec<(String, bool)> {
        let weeks = cadence.weeks.iter();
        weeks
            .map(|week| (week.week_on.to_string(), week.kept))
            .collect()
    }

    #[test]
    fn the_worked_example() {
        let before = of(&example(), "2026-04-08T10:00:00Z");
        assert_eq!(before.streak, 2);
        let expected = [
            ("2026-03-02", true),
            ("2026-03-09", false),
            ("2026-03-16", true),
            ("2026-03-30", true),
        ];
        assert_eq!(
            told(&before),
            expected.map(|(on, kept)| (on.to_owned(), kept))
        );
        assert_eq!(before.next_due, Some(Uuid::from_u128(15)));

        let mut spoken = example();
        spoken.push(one(
            99,
            "2026-04-09T12:00:00Z",
            Some("2026-04-09T12:00:00Z"),
            false,
        ));
        let after = of(&spoken, "2026-04-09T13:00:00Z");
        assert_eq!(
            (after.streak, after.next_due),
            (3, Some(Uuid::from_u128(16)))
        );
    }

    #[test]
    fn a_week_that_is_over_breaks_the_streak_and_this_week_does_not() {
        let spoken = example();
        assert_eq!(of(&spoken, "2026-04-12T21:59:00Z").streak, 2);
        // Monday begins in Berlin two hours before it does in UTC.
        assert_eq!(of(&spoken, "2026-04-12T22:00:00Z").streak, 0);
    }

    #[test]
    fn what_was_held_in_another_week_than_it_was_due_is_kept_there_and_missed_here() {
        let spoken = [one(
            10,
            "2026-03-03T08:30:00Z",
            Some("2026-03-11T08:30:00Z"),
            true,
        )];
        let found = of(&spoken, "2026-03-20T10:00:00Z");
        let expected = [("2026-03-02", false), ("2026-03-09", true)];
        assert_eq!(
            told(&found),
            expected.map(|(on, kept)| (on.to_owned(), kept))
        );
        assert_eq!(found.streak, 1);
    }

    #[test]
    fn one_that_was_moved_is_due_where_it_was_moved_to() {
        let spoken = [one(10, "2026-03-11T08:30:00Z", None, true)];
        let found = of(&spoken, "2026-03-20T10:00:00Z");
        assert_eq!(told(&found), [("2026-03-09".to_owned(), false)]);
    }

    #[test]
    fn what_was_held_before_there_was_a_protocol_does_not_count() {
        let spoken = [one(
            1,
            "2026-02-17T08:30:00Z",
            Some("2026-02-17T08:30:00Z"),
            false,
        )];
        let found = of(&spoken, "2026-03-20T10:00:00Z");
        assert_eq!((found.weeks.len(), found.streak), (0, 0));
    }

    #[test]
    fn the_window_tells_fewer_weeks_and_the_streak_looks_further_back() {
        let zone = "Europe/Berlin".parse().unwrap();
        let window = (
            Date::new(2026, 3, 30).unwrap(),
            Date::new(2026, 4, 6).unwrap(),
        );
        let (since, now) = (at("2026-03-02T10:00:00Z"), at("2026-04-08T10:00:00Z"));
        let found = cadence(&example(), since, &zone, window, now);
        assert_eq!((found.weeks.len(), found.streak), (1, 2));
    }
}

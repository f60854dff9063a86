//! Events of a calendar, as RFC 5545 has them.

use icalendar::{Calendar, Component, Event, EventStatus, Property};
use uuid::Uuid;

use super::store::{Conversation, DueStep, Found};
use crate::action_steps::{StepKind, StepState};
use crate::meetings::MeetingState;
use crate::platform::values::{Date, Timestamp};

/// The calendar; `url` is where the service is.
pub fn calendar(found: &Found, url: &str) -> String {
    let mut calendar = Calendar::new();
    calendar.name("Quid");
    for meeting in &found.conversations {
        calendar.push(conversation(meeting, url));
    }
    for step in &found.steps {
        calendar.push(due(step, url));
    }
    calendar.done().to_string()
}

/// What each event has: who it is, which version of it, and when that was made.
fn event(kind: &str, id: Uuid, version: i32, updated_at: Timestamp) -> Event {
    let mut event = Event::new();
    event
        .uid(&format!("{kind}-{id}@quid"))
        .add_property("SEQUENCE", version.to_string())
        .add_property("DTSTAMP", instant(updated_at))
        .add_property("LAST-MODIFIED", instant(updated_at));
    event
}

fn conversation(meeting: &Conversation, url: &str) -> Event {
    let mut event = event("meeting", meeting.id, meeting.version, meeting.updated_at);
    let is_off = matches!(
        meeting.state,
        MeetingState::Cancelled | MeetingState::Skipped
    );
    let end = meeting
        .starts_at
        .plus_seconds(i64::from(meeting.length_minutes) * 60);
    event
        .add_property("DTSTART", instant(meeting.starts_at))
        .add_property("DTEND", instant(end))
        .summary(&format!("Conversation with {}", meeting.partner_name))
        .url(&format!("{url}/v1/meetings/{}", meeting.id))
        .status(status(is_off));
    event.done()
}

fn due(step: &DueStep, url: &str) -> Event {
    let mut event = event("step", step.id, step.version, step.updated_at);
    let is_off = matches!(
        step.state,
        StepState::Cancelled | StepState::Skipped | StepState::Declined
    );
    event
        .append_property(date("DTSTART", step.due_on))
        .append_property(date("DTEND", step.due_on.plus_days(1)))
        .add_property("TRANSP", "TRANSPARENT")
        .summary(&words(step))
        .url(&format!("{url}/v1/action-steps/{}", step.id))
        .status(status(is_off));
    event.done()
}

/// What a step is about, by its kind, its partner and the reference of its introduction.
fn words(step: &DueStep) -> String {
    let done = match step.state {
        StepState::Done => "Done: ",
        _ => "",
    };
    let what = match step.kind {
        StepKind::ClientConversation => "speak to a client",
        StepKind::FollowUp => "follow up",
        StepKind::Internal => "a step",
    };
    let about = match &step.reference {
        Some(reference) => format!(", about {reference}"),
        None => String::new(),
    };
    format!("{done}{what} with {}{about}", step.partner_name)
}

const fn status(is_off: bool) -> EventStatus {
    if is_off {
        EventStatus::Cancelled
    } else {
        EventStatus::Confirmed
    }
}

/// A day, without a time.
fn date(name: &str, on: Date) -> Property {
    let text = on.to_string().replace('-', "");
    let mut property = Property::new(name, text);
    property.add_parameter("VALUE", "DATE");
    property.done()
}

/// An instant in UTC, in the basic form of ISO 8601.
fn instant(at: Timestamp) -> String {
    let whole = at.whole_second().to_string();
    whole.replace(['-', ':'], "")
}

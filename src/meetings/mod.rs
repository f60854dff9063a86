//! Meetings: the formal weekly conversation of two partners, and every other time they speak.
//!
//! The agreed communication protocol is a series ([`occurrences`]); `layout/` lays it out as rows, eight weeks ahead.
//! `planned → held | skipped`, by either party; `planned → cancelled`, by the service, when another protocol is agreed,
//! the partnership is paused or ends. A conversation besides the series is entered as planned, or as held.
//!
//! - A planned one can be moved, with a reason, and stays the same one of the series. What was held, skipped or cancelled
//!   stays so; its minutes can be written still.
//! - Both parties read a meeting, its minutes, its agenda items (`items/`) and what came of it (`outcomes/`); a party's
//!   own note (`notes/`) is its own.
//! - What is open on the agenda when a meeting is over goes to the next one, and keeps where it first stood.
//! - How well the two keep talking is told by `conversations/`, by the rules of `cadence.rs`; how much of the agreement
//!   a meeting touched by those of `coverage.rs`.
//! - Nothing moves once the partnership has ended.
//!
//! What the records bring up for the next conversation is an agenda, a feature of its own.

mod cadence;
mod conversations;
mod coverage;
mod create;
mod events;
mod get;
mod items;
mod layout;
mod list;
mod model;
mod notes;
mod outcomes;
mod patch;
mod policy;
mod redaction;
mod series;
mod states;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::platform::db::Conn;
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

pub use cadence::ConversationWeek;
pub use conversations::{Conversations, conversations_kept};
pub use create::{CreateMeeting, enter};
pub use get::MeetingPath;
pub use items::{AgendaItem, CreateAgendaItem, create as bring_up, list_open as list_open_items};
pub use layout::{LAY_OUT, LAY_OUT_AT_ONCE, cancel_planned};
pub use model::{Meeting, MeetingAttendance, MeetingState, MeetingTopic};
pub use redaction::redact;
pub use series::{occurrences, rule};
pub use store::list_next;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list::list_meetings)
        .service(create::create_meeting)
        .service(conversations::get::get_conversations)
        .service(get::get_meeting)
        .service(patch::patch_meeting)
        .service(states::reschedule::move_meeting)
        .service(states::skip::skip_meeting)
        .service(states::hold::hold_meeting)
        .service(notes::get::get_meeting_note)
        .service(notes::put::put_meeting_note)
        .service(outcomes::list::list_meeting_outcomes)
        .service(outcomes::create::create_meeting_outcome)
        .service(outcomes::get::get_meeting_outcome)
        .service(items::list::list_agenda_items)
        .service(items::create::create_agenda_item)
        .service(items::get::get_agenda_item)
        .service(items::patch::patch_agenda_item)
        .service(items::delete::delete_agenda_item)
        .service(items::resolve::resolve_agenda_item);
}

/// The planned meeting after another one, of the same partnership.
pub async fn find_after(
    conn: &Conn,
    firm_id: Uuid,
    meeting: &Meeting,
) -> ApiResult<Option<Meeting>> {
    let of = (firm_id, meeting.partnership_id);
    store::find_next(conn, of, meeting.starts_at).await
}

/// Whether a meeting is the one that is planned next, so that what names no meeting stands on its agenda.
pub async fn is_next(
    conn: &Conn,
    firm_id: Uuid,
    meeting: &Meeting,
    now: Timestamp,
) -> ApiResult<bool> {
    let first = store::find_next(conn, (firm_id, meeting.partnership_id), now).await?;
    let is_first = first.is_none_or(|first| meeting.starts_at <= first.starts_at);
    Ok(meeting.state == MeetingState::Planned && is_first)
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("meeting_series_pkey", Means::Guarded),
    constraint("meeting_series_partnership_id_fkey", Means::Gone),
    constraint("meeting_series_plan_version_id_fkey", Means::Gone),
    constraint("meetings_pkey", Means::IdTaken),
    constraint("meetings_occurrence_key", Means::Guarded),
    constraint("meetings_state_check", Means::Guarded),
    constraint("meetings_length_check", Means::Guarded),
    constraint("meetings_moved_check", Means::Guarded),
    constraint("meetings_skipped_check", Means::Guarded),
    constraint("meetings_held_check", Means::Guarded),
    constraint("meetings_topics_check", Means::Guarded),
    constraint("meetings_partnership_id_fkey", Means::Gone),
    constraint("meetings_plan_version_id_fkey", Means::Gone),
    constraint("agenda_items_pkey", Means::IdTaken),
    constraint("agenda_items_topic_check", Means::Guarded),
    constraint("agenda_items_resolved_check", Means::Guarded),
    constraint("agenda_items_parked_check", Means::Guarded),
    constraint("agenda_items_partnership_id_fkey", Means::Gone),
    constraint("agenda_items_firm_id_fkey", Means::Gone),
    constraint("agenda_items_meeting_id_fkey", Means::Gone),
    constraint("agenda_items_carried_from_id_fkey", Means::Gone),
    constraint("agenda_items_resolved_in_id_fkey", Means::Gone),
    constraint("meeting_notes_pkey", Means::Guarded),
    constraint("meeting_notes_meeting_id_fkey", Means::Gone),
    constraint("meeting_notes_firm_id_fkey", Means::Gone),
    constraint("meeting_outcomes_pkey", Means::IdTaken),
    constraint("meeting_outcomes_action_step_id_key", Means::Guarded),
    constraint("meeting_outcomes_introduction_id_key", Means::Guarded),
    constraint("meeting_outcomes_kind_check", Means::Guarded),
    constraint("meeting_outcomes_meeting_id_fkey", Means::Gone),
    constraint("meeting_outcomes_action_step_id_fkey", Means::Gone),
    constraint("meeting_outcomes_introduction_id_fkey", Means::Gone),
    constraint("meeting_outcomes_recorded_by_firm_id_fkey", Means::Gone),
];

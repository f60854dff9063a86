//! Action steps: what one party will do by a date. Together they are a partnership's timeline.
//!
//! `proposed → planned → in_progress → done`, or `declined`, `skipped`, `cancelled` with a reason; `done`
//! can be reopened with one. Own steps start as `planned`. A step that one party lays on the other, or a
//! new date for it, is proposed until the owner accepts: only then is it a promise.
//!
//! - The owner moves its own steps. The other party answers nothing and finishes nothing; it takes back
//!   what it has laid on the owner, until that is accepted.
//! - The first date that was promised never changes, not even when a step is reopened; every move is kept
//!   beside it with its reason, and every state with who brought the step there (`states/`).
//! - A promise that its owner cancels is kept as not agreed by both, until the other party agrees: it
//!   counts against the owner until then.
//! - What the owner shows for a step (`evidence/`) is only ever added to.
//! - Nothing moves once the partnership has ended; what nobody had promised then is cancelled.
//!
//! - A step may wait for others (`predecessors/`), and moves with them where that is asked for ([`crate::timelines`]).
//!
//! Due dates are calendar dates in the owner firm's zone.

mod create;
mod dates;
mod events;
mod evidence;
mod get;
mod kinds;
mod list;
mod model;
mod moves;
mod patch;
mod policy;
mod predecessors;
mod redaction;
mod reschedule;
mod states;
mod store;
mod timeline;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use create::{CreateActionStep, create};
pub use dates::{Reach, StepDates, find, find_all, reach, restore, shift};
pub use get::StepPath;
pub use model::{ActionStep, ConversationChannel, StepKind, StepState};
pub use policy::allowed;
pub use predecessors::{Predecessor, hold_timeline, link};
pub use redaction::redact;
pub use states::cancel_proposed;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create::create_action_step)
        .service(timeline::get_timeline)
        .service(list::list_action_steps)
        .service(get::get_action_step)
        .service(patch::patch_action_step)
        .service(states::accept::accept_action_step)
        .service(states::decline::decline_action_step)
        .service(states::begin::begin_action_step)
        .service(states::complete::complete_action_step)
        .service(states::skip::skip_action_step)
        .service(states::cancel::cancel_action_step)
        .service(states::agree::agree_cancellation)
        .service(states::reopen::reopen_action_step)
        .service(states::history::list_step_states)
        .service(reschedule::reschedule_action_step)
        .service(moves::list_moves)
        .service(predecessors::get::get_predecessors)
        .service(predecessors::put::put_predecessors)
        .service(evidence::create::add_evidence)
        .service(evidence::list::list_evidence)
        .service(evidence::get::get_evidence);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("action_steps_pkey", Means::IdTaken),
    constraint("action_steps_state_check", Means::Guarded),
    constraint("action_steps_kind_check", Means::Guarded),
    constraint("action_steps_channel_check", Means::Guarded),
    constraint("action_steps_section_check", Means::Guarded),
    constraint("action_steps_conversation_check", Means::Guarded),
    constraint("action_steps_follows_check", Means::Guarded),
    constraint("action_steps_cancel_agreed_check", Means::Guarded),
    constraint("action_steps_follows_id_fkey", Means::Gone),
    constraint("action_steps_length_days_check", Means::Guarded),
    constraint("action_step_predecessors_pkey", Means::Guarded),
    constraint("action_step_predecessors_self_check", Means::Guarded),
    constraint("action_step_predecessors_lag_check", Means::Guarded),
    constraint("action_step_predecessors_step_id_fkey", Means::Gone),
    constraint("action_step_predecessors_predecessor_id_fkey", Means::Gone),
    constraint("action_steps_partnership_id_fkey", Means::Gone),
    constraint("action_steps_introduction_id_fkey", Means::Gone),
    constraint("action_steps_owner_firm_id_fkey", Means::Gone),
    constraint("action_steps_owner_member_id_fkey", Means::Gone),
    constraint("action_steps_proposed_by_firm_id_fkey", Means::Gone),
    constraint("action_step_states_pkey", Means::Guarded),
    constraint("action_step_states_step_id_fkey", Means::Gone),
    constraint("action_step_states_recorded_by_firm_id_fkey", Means::Gone),
    constraint("action_step_evidence_pkey", Means::IdTaken),
    constraint("action_step_evidence_kind_check", Means::Guarded),
    constraint("action_step_evidence_content_check", Means::Guarded),
    constraint("action_step_evidence_step_id_fkey", Means::Gone),
    constraint("action_step_moves_pkey", Means::Guarded),
    constraint("action_step_moves_step_id_fkey", Means::Gone),
    constraint("action_step_moves_moved_by_firm_id_fkey", Means::Gone),
];

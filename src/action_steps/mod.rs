//! Action steps: what one party will do by a date. Together they are a partnership's timeline.
//!
//! `proposed → planned → done`, or `proposed → declined` with a reason. Own steps start as `planned`.
//! A step that one party lays on the other, or a new date for it, is proposed until the owner
//! accepts: only then is it a promise. The first date that was promised never changes; every move is
//! kept beside it with its reason. Due dates are calendar dates in the owner firm's zone.

mod accept;
mod advance;
mod complete;
mod create;
mod decline;
mod events;
mod get;
mod list;
mod model;
mod moves;
mod policy;
mod reschedule;
mod store;
mod timeline;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use create::{CreateActionStep, create};
pub use model::{ActionStep, Owner, StepKind};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create::create_action_step)
        .service(timeline::get_timeline)
        .service(list::list_action_steps)
        .service(get::get_action_step)
        .service(accept::accept_action_step)
        .service(decline::decline_action_step)
        .service(complete::complete_action_step)
        .service(reschedule::reschedule_action_step)
        .service(moves::list_moves);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("action_steps_pkey", Means::IdTaken),
    constraint("action_steps_state_check", Means::Guarded),
    constraint("action_steps_kind_check", Means::Guarded),
    constraint("action_steps_partnership_id_fkey", Means::Gone),
    constraint("action_steps_introduction_id_fkey", Means::Gone),
    constraint("action_steps_owner_firm_id_fkey", Means::Gone),
    constraint("action_steps_owner_member_id_fkey", Means::Gone),
    constraint("action_steps_proposed_by_firm_id_fkey", Means::Gone),
    constraint("action_step_moves_pkey", Means::Guarded),
    constraint("action_step_moves_step_id_fkey", Means::Gone),
    constraint("action_step_moves_moved_by_firm_id_fkey", Means::Gone),
];

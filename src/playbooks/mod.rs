//! Playbooks: a firm's templates, which lay out a whole timeline from a start date.
//!
//! A playbook is its firm's alone and is versioned: every version stays, and what was laid out says by which. It lays out the
//! timeline of a partnership, or of an introduction; a step is owned by `us` or `partner`, in an introduction also by
//! `introducer` or `receiver`, whichever side these are. It is previewed before it is applied, and applied in one
//! transaction: the own steps are promises then, and the partner's are proposed to it. What waits for what stays with the
//! steps, so that moving one moves the others ([`crate::timelines`]).
//!
//! # Dates
//!
//! A step begins so long after the start, or after other steps are due ([`crate::work_calendar`]), whichever comes
//! last, and is due when its length has passed: on the business days of the firm that will do it, unless the playbook says that
//! it does not skip days off. So no step is due before one that it follows.
//!
//! Worked example, from Friday 2026-03-06, for steps of one business day: a call 1 day after the start is on Monday the
//! 9th, since Saturday is no business day; a packet 7 days after the call is on the 16th; an e-mail 5 days after the packet would be
//! on Saturday the 21st and so is on Monday the 23rd.

mod applications;
mod archive;
mod create;
mod get;
mod lay_out;
mod list;
mod model;
mod patch;
mod policy;
mod redaction;
mod store;
mod versions;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use applications::{ApplyPlaybook, apply};
pub use create::create;
pub use model::{PlaybookOwner, PlaybookPredecessor, PlaybookStep, PlaybookSubject, Script};
pub use redaction::redact;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create::create_playbook)
        .service(list::list_playbooks)
        .service(get::get_playbook)
        .service(patch::patch_playbook)
        .service(archive::archive_playbook)
        .service(versions::list_playbook_versions)
        .service(applications::preview::preview_playbook)
        .service(applications::apply::apply_playbook)
        .service(applications::list::list_playbook_applications)
        .service(applications::get::get_playbook_application);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("playbooks_pkey", Means::IdTaken),
    constraint("playbooks_firm_id_fkey", Means::Gone),
    constraint("playbook_versions_pkey", Means::Guarded),
    constraint("playbook_versions_applies_to_check", Means::Guarded),
    constraint("playbook_versions_playbook_id_fkey", Means::Gone),
    constraint("playbook_applications_pkey", Means::IdTaken),
    constraint("playbook_applications_firm_id_fkey", Means::Gone),
    constraint("playbook_applications_version_fkey", Means::Gone),
    constraint("playbook_applications_partnership_id_fkey", Means::Gone),
    constraint("playbook_applications_introduction_id_fkey", Means::Gone),
    constraint("playbook_application_steps_pkey", Means::Guarded),
    constraint(
        "playbook_application_steps_application_id_fkey",
        Means::Gone,
    ),
    constraint("playbook_application_steps_step_id_fkey", Means::Gone),
];

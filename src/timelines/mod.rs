//! Timelines: what the action steps of a partnership come to together.
//!
//! - **Forecast**: when each open step is finished if all goes on from today; how much slack it has; which steps are
//!   critical, and when the last is finished.
//! - **Cascades**: a step is moved together with those that wait for it. The caller's own are moved at once, the other
//!   party's get a date proposed, all in one transaction; looked at before, and undone as one.
//! - **Promises**: how many of each party and of each member were kept, with the steps behind the figure.
//!
//! # The forecast
//!
//! What is done is finished when it was done. An open step is finished on its due date; one that is overdue on today or the
//! first business day of its owner after it; and no earlier than what it waits for lets it
//! ([`crate::work_calendar`], `action_steps/predecessors`). The *end* is the last finish of an open step. A step's
//! *slack* is by how many business days of its owner it can still slip before the end moves; a step without any is
//! *critical*, and these are the critical path (Kelley and Walker, 1959).
//!
//! Worked example, on Thursday 2026-03-05, with a lag of one business day between each: a letter was due on the 4th, and a
//! review of two business days on Friday the 6th waits for it; a meeting on Tuesday the 10th waits for the review, and a
//! folder is due today. The letter can be finished today, so the review begins on the 6th and is finished on Monday the 9th
//! (three days late), and the meeting is on time on the 10th, which is the end. Letter, review and meeting have no slack;
//! the folder has three days.
//!
//! # A cascade
//!
//! A step that is moved pushes the open steps that wait for it to the earliest dates that are possible then, and these push
//! others in turn; nothing comes forward by itself, and what has room stays. Where the other party's step is
//! pushed, it gets that date proposed, and what waits for it goes by that date. Worked example: the letter above moves from the 4th
//! to Friday the 6th; so the review begins on the 9th and is due on the 10th, and the meeting moves to the 11th.
//!
//! An undo gives every step its date of before, if no date of the cascade was changed or answered since.
//!
//! # Promises
//!
//! A promise falls due on the date that was first promised. It was kept when the step was done on or before that. The rate is the
//! promises kept out of all that fell due; what both parties agreed to cancel is none. Worked example: of five promises that fell due
//! two were done in time, one late, one is still open, and one was cancelled with the other party's leave: two of
//! four, 0.5.

mod cascades;
mod forecast;
mod policy;
mod promises;
mod schedule;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use cascades::redact;
pub use promises::{PromiseCounts, promises_kept};
pub use store::STATEMENTS;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(forecast::get_forecast)
        .service(promises::get_promises)
        .service(cascades::preview::preview_cascade)
        .service(cascades::create::cascade_action_step)
        .service(cascades::list::list_cascades)
        .service(cascades::get::get_cascade)
        .service(cascades::undo::undo_cascade);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("cascades_pkey", Means::IdTaken),
    constraint("cascades_undone_check", Means::Guarded),
    constraint("cascades_partnership_id_fkey", Means::Gone),
    constraint("cascades_step_id_fkey", Means::Gone),
    constraint("cascades_firm_id_fkey", Means::Gone),
    constraint("cascade_moves_pkey", Means::Guarded),
    constraint("cascade_moves_effect_check", Means::Guarded),
    constraint("cascade_moves_cascade_id_fkey", Means::Gone),
    constraint("cascade_moves_step_id_fkey", Means::Gone),
];

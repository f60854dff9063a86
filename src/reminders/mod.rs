//! Reminders: who has promised a step hears of it two days before its date, and again when the date has passed.
//!
//! - A job looks every quarter of an hour. A reminder goes out from eight in the morning on, in the zone of the owner firm, to
//!   the member who does the step, or to the party's lead where nobody is named or who was named has left.
//! - All that one member is to be reminded of goes into one mail, and each step into her firm's change feed. A mail
//!   names partners, dates and references, and neither clients nor the words of a step.
//! - Each reminder is a row in the transaction of its mail and its change: so it is written once for each date, whichever
//!   replica or restart. The mail itself is sent at least once: twice where the process ends after the mail server took
//!   it and before that was recorded.
//! - A step that moves is reminded of anew. What is in a partnership that is paused or has ended is not; nor is what has
//!   been overdue for longer than thirty days.

mod mails;
mod remind;
mod store;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use remind::REMIND;
pub use store::STATEMENTS;

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("action_step_reminders_pkey", Means::Guarded),
    constraint("action_step_reminders_kind_check", Means::Guarded),
    constraint("action_step_reminders_step_id_fkey", Means::Gone),
    constraint("action_step_reminders_member_id_fkey", Means::Gone),
];

//! Which steps of a timeline wait for which others: finish-to-start, with a lag.
//!
//! A step begins when what it waits for is finished and the lag has passed, on a business day of its owner
//! ([`crate::work_calendar`]); it is due when its expected length has passed. Worked example: a step of 2 business days
//! that waits, with a lag of 1 business day, for one due on Friday the 6th begins on Monday the 9th and is due on
//! Tuesday the 10th.
//!
//! - Both are of one partnership; nothing waits for itself, nor in a circle, not even when two write at once: who changes
//!   the order of a timeline holds it.
//! - What was declined, skipped or cancelled keeps nobody waiting; what is done counts with the date it was done.
//! - Who may edit a step says what it waits for. A date that comes too early for it is refused when the step is
//!   written down; one that has become too early since stays as promised, and the forecast tells it.

mod date;
pub(super) mod get;
mod model;
pub(super) mod put;
mod store;

pub use date::{Place, date, link};
pub use model::Predecessor;
pub use store::hold_timeline;

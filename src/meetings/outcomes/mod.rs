//! Outcomes: what was agreed in a meeting, made in one call with the record that it is: an action step, or the draft of
//! an introduction.
//!
//! Both parties see an outcome, but for a draft, which is the introducer's alone until it is offered: until then the
//! other party does not see the outcome either, nor does it count for what the meeting covered.

pub(super) mod create;
pub(super) mod get;
pub(super) mod list;
mod model;
mod store;

pub use store::take_along;

//! The decisions of each party whether the partnership makes sense for its business: records of their own
//! beside the versions of the plan. A party's newest counts, and both read all of them.

pub(super) mod decide;
pub(super) mod get;
pub(super) mod list;
mod model;
pub(super) mod store;

pub use decide::{DecidePlan, decide};
pub use model::{Decision, PlanDecision};

//! Sections that the parties go without. Each party waives for itself, with its reason; a section is
//! waived when both do. A party takes its waiver back until the partnership is active.

pub(super) mod get;
pub(super) mod list;
mod model;
pub(super) mod store;
pub(super) mod waive;
pub(super) mod withdraw;

pub use model::PlanWaiver;
pub use waive::{WaiveSection, waive};

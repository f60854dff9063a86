//! How a meeting moves along its states: moved, skipped or held, by either party, while it is planned.

mod advance;
mod attendance;
pub(super) mod hold;
pub(super) mod reschedule;
pub(super) mod skip;
mod store;

pub use advance::must_live;
pub use attendance::complaints;

//! Laying a playbook out: previewed, applied in one transaction, and kept with the version that it was.

pub(super) mod apply;
pub(super) mod get;
pub(super) mod list;
mod model;
mod prepare;
pub(super) mod preview;
mod store;

pub use apply::{ApplyPlaybook, apply};

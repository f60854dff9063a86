//! Evidence: what the owner of an action step shows for it. Both parties read it; it is only ever added to.

mod add;
pub(super) mod create;
pub(super) mod get;
pub(super) mod list;
mod model;
mod store;

pub use add::{add_all, check};
pub use model::AddEvidence;

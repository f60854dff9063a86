//! Conversations: how well the two keep to the cadence that they agreed on; [`super::cadence`] has the rules.

pub(super) mod get;
mod model;
mod store;

pub use model::{Conversations, conversations_kept};

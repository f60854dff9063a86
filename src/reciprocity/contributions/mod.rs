//! Contributions: what one party gave the other besides clients, such as advice, teaching or content.
//!
//! `proposed → confirmed | declined`, by the party that it was given to, with a reason where it declines;
//! `proposed → withdrawn`, by the party that gave it and recorded it. Only what is confirmed counts in the
//! ledger, on the date it was given. All of it needs a partnership that lives.

pub(super) mod confirm;
pub(super) mod create;
pub(super) mod decline;
pub(super) mod get;
pub(super) mod list;
mod model;
mod moved;
pub(super) mod store;
pub(super) mod withdraw;

pub use model::{Contribution, ContributionKind, Verb};

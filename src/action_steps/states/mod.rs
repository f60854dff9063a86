//! How a step moves along its states, and what is kept of that.

pub(super) mod accept;
mod advance;
pub(super) mod agree;
pub(super) mod begin;
pub(super) mod cancel;
pub(super) mod complete;
pub(super) mod decline;
mod end;
pub(super) mod history;
pub(super) mod reopen;
pub(super) mod skip;
mod store;

pub use advance::{must_live, tell};
pub use end::cancel_proposed;

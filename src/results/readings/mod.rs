//! Readings: figures of `custom` metrics that a party reports by hand.
//!
//! A reading is the figure as it stood on a day, and never changes: who was wrong reports it again for the same
//! day, and the later report counts. Either party reports; both read.

pub(super) mod create;
pub(super) mod get;
pub(super) mod list;
mod model;
mod store;

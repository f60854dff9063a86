//! What each party notes of a partnership for itself.
//!
//! The other firm never sees a note, nor any sign that there is one: a note leaves the partnership, its
//! version and its entity tag as they are, and its change is told to its own firm alone. Notes can be
//! written whatever the partnership's state, by whoever prepares records for the firm.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
mod model;
pub(super) mod patch;
mod store;

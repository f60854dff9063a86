//! What each party notes of a meeting for itself: one note a party and meeting.
//!
//! The other firm never sees it, nor any sign that there is one: it leaves the meeting, its version and its entity tag
//! as they are, its change is told to its own firm alone, and a meeting that is laid out anew goes or stays as it would
//! without it. It can be written whatever the state of the meeting or the partnership.

pub(super) mod get;
mod model;
pub(super) mod put;
mod store;

pub use store::take_along;

//! How meetings are laid out from the agreed protocol, and taken back.
//!
//! A job lays out, eight weeks ahead, the series of every partnership that is explored or active and has agreed on a
//! communication protocol: at once when it is agreed, or the partnership is resumed, and as the weeks pass. Each
//! occurrence is laid out once: the partnership, the version and the date are its key.
//!
//! - When another version is agreed, its series is laid out. What is to begin at the same time by both stays the same
//!   meeting, wherever it was moved, and what was skipped of a date stays skipped. Of the older one's others those that are
//!   still to come go: those on which nothing that both see was written are removed, and a party's own note goes along to
//!   the new one of that week, or the next; the others are cancelled, and keep it.
//! - When the partnership is paused or ends, those that are still to come are cancelled. When it is resumed, they are laid
//!   out again.
//! - What was to be held and is past stays as it is: nobody has said what became of it.

mod lay;
mod store;
mod supersede;
mod take_back;

pub use lay::{LAY_OUT, LAY_OUT_AT_ONCE};
pub use take_back::cancel_planned;

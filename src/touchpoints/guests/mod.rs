//! Guests: who was there, or is to be, and what each receives of the cost.

mod store;

pub use store::{active_members, insert, remove};

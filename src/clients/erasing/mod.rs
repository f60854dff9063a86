//! What erasing a client does to the records of clients; [`crate::erasure`] does the whole of it.

pub mod erase;
mod store;

pub use store::{Identity, hold_identity, is_due, list_due};

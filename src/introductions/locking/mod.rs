//! An introduction is held, with all that decides what may be seen of its client, before it is changed.

mod store;

pub use store::hold;

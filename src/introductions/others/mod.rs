//! The other introductions of a client to the same firm: the open one that stands in the way, the closed
//! one that a new one follows.

pub mod store;

//! Legal holds: while one lies on a client's record, it can't be erased.

pub mod lay;
pub mod lift;

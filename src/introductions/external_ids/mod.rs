//! A party's own ids of introductions, in its other systems.

pub mod get;
pub mod link;
pub mod store;
pub mod unlink;

//! Clients by their id in another system.

pub mod get;
pub mod put;

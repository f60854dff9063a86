//! How a move along an arrow is written: the introduction, its history and what its consent allows, in one
//! statement.

mod store;

pub use store::{Step, advance};

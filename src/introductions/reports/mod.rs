//! What was reported of an introduction: its history, corrections, and what became of the client.

pub mod correct;
pub mod history;
pub mod outcome;
mod store;

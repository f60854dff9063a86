//! What the tests stand on: one PostgreSQL for the run, a database for each test, a service on it,
//! and people and machines that use it.

pub mod cluster;
mod dice;
pub mod people;
pub mod service;

pub use cluster::{TestDatabase, database, empty_database};
pub use dice::Dice;
pub use people::{Actor, Answer, Firm, Pair, code_at, lay_foundation, lay_foundation_but};
pub use service::{Quid, start, start_on};

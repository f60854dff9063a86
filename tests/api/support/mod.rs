//! What the tests stand on: one PostgreSQL for the run, a database for each test, a service on it,
//! and people and machines that use it.

pub mod cluster;
pub mod people;
pub mod service;

pub use cluster::{TestDatabase, database, empty_database};
pub use people::{Actor, Answer, Firm, Pair, code_at};
pub use service::{Quid, start, start_on};

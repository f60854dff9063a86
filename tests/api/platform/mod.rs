//! What holds for every feature: once and only once, revocation everywhere, changes with their
//! cause, a database that goes away.

mod changes;
mod connections;
mod figures;
mod idempotency;
mod jobs;
mod limits;
mod outage;
mod replicas;
mod tokens;

//! What every feature stands on and that knows no feature: HTTP as `api.md` wants it, identity of
//! the caller, the database, background jobs, mail, time and ids.
//!
//! Nothing in here names a feature. Where the platform needs a feature's knowledge (which session
//! is alive, which constraint means what), the feature hands it in at start: see
//! [`crate::routes`].

pub mod app;
pub mod auth;
pub mod clock;
pub mod config;
pub mod db;
pub mod digest;
pub mod error;
pub mod http;
pub mod ids;
pub mod jobs;
pub mod local;
pub mod mail;
pub mod telemetry;
pub mod values;
pub mod words;

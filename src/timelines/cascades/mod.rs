//! Cascades: a step that is moved together with those that wait for it, looked at before and undone as one.

pub(super) mod create;
pub(super) mod get;
pub(super) mod list;
mod model;
pub(super) mod preview;
mod redaction;
mod store;
pub(super) mod undo;
mod work_out;

pub use redaction::redact;

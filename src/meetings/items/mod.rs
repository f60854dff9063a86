//! Agenda items: what either party wants to speak about, besides what the records bring up by themselves.
//!
//! - An item stands on the agenda of the meeting that it names, or else of the next one, whichever that is.
//! - One in the parking lot (`parked`) stands on none, until it is taken out.
//! - What is open when its meeting is held, skipped or cancelled goes to the next one, and keeps where it first stood
//!   (`carried_from_id`). Without a next one it waits for it.
//! - The party that wrote it edits and removes it, while it is open; either resolves it, once.

mod carry;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
mod model;
pub(super) mod patch;
pub(super) mod resolve;
mod store;

pub use carry::{carry_all, carry_over};
pub use create::{CreateAgendaItem, create};
pub use model::AgendaItem;
pub use store::list_open;

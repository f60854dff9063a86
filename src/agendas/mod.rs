//! Agendas: what the records bring up for a conversation, and what either party wants to speak about.
//!
//! An agenda is worked out when it is read and kept nowhere; [`agenda`] has its rules. It names no client: introductions
//! are told by their reference, and what a party may not see is not in it.

mod agenda;
mod get;
mod model;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub use model::{AgendaEntry, AgendaEntryKind, MeetingAgenda};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get::get_agenda);
}

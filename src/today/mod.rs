//! Today: the phone's first screen, in one call. What the member owes, what others wait for from her, what she waits
//! for, and whom she speaks to next.
//!
//! What is hers: the steps of which she is told to be the owner, and in the partnerships that she leads whatever names
//! nobody else. Of each part it tells how much there is, and the first of it; the rest is read from the lists. The entity
//! tag changes with what is told and with nothing else: a phone that asks every minute gets 304.
//!
//! Dates go by the member's zone, or by her firm's where she has none.

mod get;
mod model;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub use store::STATEMENTS;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get::get_today);
}

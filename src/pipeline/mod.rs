//! The pipeline of a firm: introductions that are open, given and received, and how fast they move.
//!
//! - **Open** is what can still move, drafts of the own firm among it; by stage, by partner, with what it is
//!   expected to be worth (each currency by itself) and its age: the days since the present stage was reached
//!   in the world. How well a client fits is told as it was kept when it was offered.
//! - **Conversion** from a stage to the next is the share of the introductions that reached the one which
//!   reached the next, of those offered in a window. *Example: of 10 that were accepted, 4 were introduced or
//!   came further: 0.4.*
//! - **Days between stages** is the median over those for which both dates are known: a report may skip a
//!   stage. *Example: 1, 3 and 20 days: 3.* Of an even count it is the lower of the two in the middle.
//! - **First answer** is the median of the seconds between an offer and the receiver's first answer, of
//!   those that were answered. *Example: after one, two and ten hours: 7,200 seconds.*

mod get;
mod model;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub use store::STATEMENTS;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get::get_pipeline);
}

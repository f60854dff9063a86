//! The disclosure log: whose identity was made known to whom in another firm, when, on which consent.
//!
//! A row is written by the statement that reads ([`crate::introductions`]), so nothing can be shown
//! without it: one for a principal, client, consent and hour. It tells what left the firm that serves
//! the client; what a firm's own people read of its own clients is not in it.
//!
//! Both firms read it, each its side: the serving firm asks to whom its client was made known, the other
//! whose data one of its credentials has read.

mod list;
mod store;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::platform::values::Timestamp;
use crate::words;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list::list_disclosures);
}

words! {
    /// The caller's side of a disclosure.
    pub enum DisclosureDirection {
        /// Of the caller's clients, to partners.
        Given = "given",
        /// Of partners' clients, to the caller's people and machines.
        Received = "received",
    }
}

/// A client's identity, made known.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Disclosure {
    /// Counts the disclosures of all firms, in the order in which they were written; a firm's own have
    /// gaps.
    pub sequence: i64,
    /// Your side.
    pub direction: DisclosureDirection,
    /// The member or API client that read it.
    pub principal_id: Uuid,
    /// Your client; `null` for a partner's, whom `introduction_id` and `reference` stand for.
    pub client_id: Option<Uuid>,
    /// The introduction through which it was read first in that hour.
    pub introduction_id: Uuid,
    /// The introduction's reference.
    #[schema(example = "7KQ4M-X2N9D")]
    pub reference: String,
    /// The consent on which it was made known; the firm that serves the client can read it.
    pub consent_id: Uuid,
    /// The other firm.
    pub partner_firm_id: Uuid,
    /// When it was first read in that hour.
    pub disclosed_at: Timestamp,
}

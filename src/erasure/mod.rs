//! Erasure: a person is taken out of every record, what is counted stays.
//!
//! In one transaction: the client's record and external ids, every word in the client's introductions
//! and in the steps that hang on them, the scope of consents; open introductions are withdrawn, standing
//! consents end, and the other firms are told. Where the name, the address or the number stands in some
//! other text of the firm or of its partnerships, it is replaced there. Ids, dates, stages and values
//! stay, and with them every count.
//!
//! A legal hold forbids it. [`RETAIN`] erases by itself what a firm keeps no longer
//! (`retention_months` of the firm).

mod erase;
mod pattern;
mod retain;

use utoipa_actix_web::service_config::ServiceConfig;

pub use retain::RETAIN;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(erase::erase_client);
}

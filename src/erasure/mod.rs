//! Erasure: a person is taken out of every record, what is counted stays.
//!
//! In one transaction: the client's record and external ids, every word in the client's introductions
//! and in the steps that hang on them, the scope of consents; open introductions are withdrawn, standing
//! consents end, and the other firms are told. Where the name, the address or the number stands in some
//! other text of the firm or of its partnerships, it is replaced there. Ids, dates, stages and values
//! stay, and with them every count.
//!
//! A legal hold forbids it.

mod erase;
mod pattern;

use utoipa_actix_web::service_config::ServiceConfig;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(erase::erase_client);
}

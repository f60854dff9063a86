//! Signing up: a firm comes in together with its first admin, openly or through an invitation to a
//! partnership (see [`crate::partnerships`]), as the service's settings allow.

mod firm;

use utoipa_actix_web::service_config::ServiceConfig;

pub use firm::{SignUpAdmin, SignUpFirm, SignUpFirmDetails, SignedUp, found};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(firm::sign_up_firm);
}

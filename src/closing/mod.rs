//! How a firm, or one of its members, goes out: the opposite of [`crate::sign_up`], over the same features.
//!
//! A firm that closes ends its partnerships with what follows from that, takes its proposals back and
//! declines those made to it; its people and machines are signed out and can't come in again. Its partners
//! keep what they shared with it, to be read. It does not come back; whoever goes on signs a new firm up.
//! A member who leaves can come back.

mod close;
mod deactivate;
mod reactivate;

use utoipa_actix_web::service_config::ServiceConfig;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(close::close_firm)
        .service(deactivate::deactivate_member)
        .service(reactivate::reactivate_member);
}

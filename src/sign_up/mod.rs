//! Signing up: a firm comes in together with its first admin.
//!
//! - An address is proved before it is used: whoever wants to sign a firm up asks for it
//!   (`sign_ups`), and goes on with the token that comes by mail. The token of an invitation to a
//!   partnership (see [`crate::partnerships`]) proves its address as well. The address of the first
//!   admin is the one that the token was sent to, and is not asked for again.
//! - Nobody learns whether an address has an account, but who reads its mail. For one that has, the
//!   same is done as for one that has not; the token is told to nobody, and the mail says how to sign
//!   in instead.
//! - A token is good once and for a day. It is kept as its digest, and forgotten when it has expired.
//! - An address gets three mails an hour at most, and whoever asks for more is not told so.
//!
//! Where the service takes firms by invitation only, nobody asks for a sign-up.

mod firm;
mod found;
mod request;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use firm::{SignUpFirmDetails, SignedUp};
pub use found::{Founding, found};
pub use store::purge;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(request::request_sign_up)
        .service(firm::sign_up_firm);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("sign_ups_pkey", Means::Guarded),
    constraint("sign_ups_token_digest_key", Means::Guarded),
];

//! Passwords: how a member changes the own one, and sets a new one who has forgotten it.
//!
//! Which passwords are taken, and how they are kept: [`crate::platform::auth::passwords`].
//!
//! # Change
//! Whoever is signed in and knows the present password sets another. Every other session of the member
//! ends, and every other device is a stranger again.
//!
//! # Reset
//! Anyone may ask for one by address, and is always answered the same in the same time: the request does
//! no more than note a job ([`RESET`]), which looks whether there is such an active member. Then a
//! mail goes out with a token that is good once and for an hour; only its SHA-256 is kept. More than a few
//! mails in an hour to one address are silently left out ([`crate::attempts`]).
//! Whoever has the token, and a code where the account has a second factor, sets a new password. All
//! sessions of the member end everywhere within a second, all devices are strangers, and all other tokens
//! are void. Of two uses at once one wins, since using it removes it. The answer has a device token,
//! so that nobody who guesses at the account meanwhile can keep its owner from signing in.

mod change;
mod request_reset;
mod store;
mod use_reset;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use request_reset::RESET;
pub use store::purge;

/// A token is good for so long.
const GOOD_FOR: i64 = 3600;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(change::change_password)
        .service(request_reset::request_password_reset)
        .service(use_reset::use_password_reset);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("password_resets_pkey", Means::Guarded),
    constraint("password_resets_token_digest_key", Means::Guarded),
    constraint("password_resets_member_id_fkey", Means::Gone),
];

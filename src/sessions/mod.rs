//! Sessions: a member who is signed in, on one device.
//!
//! Signing in gives a short access token and a refresh token that is exchanged at each use
//! (RFC 9700, 4.14). The refresh token is derived from the session and its generation, so none is
//! stored, and a client that lost the answer to an exchange gets the same successor once more
//! within [`GRACE_SECONDS`]. An older one used again means that somebody else has it: the session
//! ends.

mod model;
mod refresh;
mod sign_in;
mod sign_out;
mod store;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::app::App;
use crate::platform::auth::{Caller, tokens};
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::error::ApiResult;

pub use refresh::{Exchange, exchange};
pub use store::{end_all, end_of, find_caller, purge};

/// For so many seconds an exchanged refresh token gets the same successor again.
pub const GRACE_SECONDS: i64 = 10;
/// A session ends when it was not used for so long.
pub const SESSION_SECONDS: i64 = 30 * 24 * 3600;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(sign_in::sign_in).service(sign_out::sign_out);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("sessions_pkey", Means::Guarded),
    constraint("sessions_member_id_fkey", Means::Gone),
];

/// The tokens of a session, in the form of RFC 6749, 5.1.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln", "token_type": "Bearer",
    "expires_in": 600, "refresh_token": "AZi20nwdekCdUwuPTC8aEQAAAAA",
}))]
pub struct Tokens {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    /// Exchange it at `POST /oauth/token` with `grant_type=refresh_token`.
    pub refresh_token: String,
}

fn tokens_for(app: &App, caller: &Caller, generation: i32) -> ApiResult<Tokens> {
    let now = app.clock.now();
    let issuer = app.settings.public_url.as_str();
    Ok(Tokens {
        access_token: tokens::sign(&app.keys, issuer, caller, app.ids.id(now), now)?,
        token_type: "Bearer",
        expires_in: tokens::ACCESS_TOKEN_SECONDS,
        refresh_token: model::RefreshToken {
            session_id: caller.credential_id,
            generation,
        }
        .seal(&app.refresh),
    })
}

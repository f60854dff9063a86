//! Sessions: a member who is signed in, on one device.
//!
//! Signing in asks for address and password and, where the account has a second factor
//! ([`crate::second_factors`]), for a code. Attempts are counted ([`crate::attempts`]): those of strangers
//! for the account and for the network, those of a device on which the member has signed in before for
//! that device alone. Such a device shows the device token that it got then; only its SHA-256 is kept. A
//! sign-in without one is from a new device, of which the member hears by mail. A device is forgotten when
//! its session is ended from another, when the password is changed elsewhere or reset, and after half a
//! year without a sign-in.
//!
//! Signing in gives a short access token and a refresh token that is exchanged at each use
//! (RFC 9700, 4.14). The refresh token is derived from the session and its generation, so none is
//! stored, and a client that lost the answer to an exchange gets the same successor once more
//! within [`GRACE_SECONDS`]. An older one used again means that somebody else has it: the session
//! ends.

mod begin;
mod devices;
mod end;
mod end_others;
mod list;
mod model;
mod refresh;
mod sign_in;
mod sign_out;
mod store;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::platform::app::App;
use crate::platform::auth::{Caller, tokens};
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::error::ApiResult;
use crate::platform::values::{Name, Timestamp};

pub use devices::only_device;
pub use end_others::end_others;
pub use refresh::{Exchange, exchange};
pub use store::{end_all, end_of, find_caller, purge, purge_devices};

/// For so many seconds an exchanged refresh token gets the same successor again.
pub const GRACE_SECONDS: i64 = 10;
/// A session ends when it was not used for so long.
pub const SESSION_SECONDS: i64 = 30 * 24 * 3600;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    // `current` before the ids, since it is none.
    config
        .service(sign_in::sign_in)
        .service(list::list_sessions)
        .service(sign_out::sign_out)
        .service(end_others::end_other_sessions)
        .service(end::end_session);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("sessions_pkey", Means::Guarded),
    constraint("sessions_member_id_fkey", Means::Gone),
    constraint("sessions_device_id_fkey", Means::Gone),
    constraint("devices_pkey", Means::Guarded),
    constraint("devices_token_digest_key", Means::Guarded),
    constraint("devices_member_id_fkey", Means::Gone),
];

/// A session of a member, as that member sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// What the app called the device at the sign-in; `null` when it did not say.
    pub device: Option<Name>,
    /// The `User-Agent` of the sign-in; `null` when there was none.
    pub user_agent: Option<String>,
    /// When you signed in.
    pub created_at: Timestamp,
    /// When its tokens were last renewed; one in use renews them every ten minutes.
    pub last_used_at: Timestamp,
    /// When it ends unless it is used before.
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// The tokens of a session, in the form of RFC 6749, 5.1.
#[derive(Debug)]
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

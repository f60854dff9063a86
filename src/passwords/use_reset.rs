//! Sets a new password with the token of a reset.

use actix_web::{HttpResponse, post};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::attempts::{self, Subject};
use crate::members::{self, Account, Notice};
use crate::platform::app::App;
use crate::platform::auth::{self, passwords};
use crate::platform::db::{Conn, Tx};
use crate::platform::digest;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Json, Public};
use crate::platform::values::Timestamp;
use crate::{calendar_feeds, changes, second_factors, sessions};

/// A new password, on the strength of a mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "3q2-7wX0v9mJm1b0Kk6Q8mUqk1v0mFf3o0cZ1yqkJ5s", "new_password": "another long pass phrase of hers"}))]
pub struct UsePasswordReset {
    /// The token of the mail.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub token: SecretString,
    /// The password that you want: 15 characters or more, whatever they are, but none that is easily
    /// guessed.
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 128)]
    pub new_password: SecretString,
    /// Where the account has a second factor: the six digits that the app shows now, or a recovery code.
    #[schema(
        nullable = false,
        min_length = 6,
        max_length = 32,
        pattern = "^[0-9A-Za-z -]*$"
    )]
    pub code: Option<String>,
}

/// What a reset leaves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"device_token": "Zk6Q8mUqk1v0mFf3o0cZ1yqkJ5s3q2-7wX0v9mJm1b0"}))]
pub struct PasswordReset {
    /// Send it with the next sign-in: whoever guesses at the account can't keep you out then.
    pub device_token: String,
}

/// Reset a password.
///
/// Sets the new password and uses the token up. All sessions of the member end within a second, and a mail
/// tells of it. Then sign in.
#[utoipa::path(tag = "passwords",
    responses((status = 200, description = "The password is set.", body = PasswordReset),
        (status = 401, description = "A code of the second factor is needed, or is not right.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json")))]
#[post("/v1/password-resets/use")]
pub(super) async fn use_password_reset(
    _open: Public,
    Json(body): Json<UsePasswordReset>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (now, digest) = (
        app.clock.now(),
        digest::sha256(body.token.expose_secret().as_bytes()),
    );
    let account = app
        .db
        .read(async |conn| find(conn, &digest, now).await)
        .await?
        .ok_or_else(unknown)?;
    let member_id = account.member_id;
    passwords::check(&body.new_password, "/new_password", &account.context()).await?;
    if body.code.is_some() {
        attempts::charge(&app, &[Subject::Reset(member_id)]).await?;
    }
    let hash = passwords::hash(body.new_password).await?;
    let code = body.code.as_deref();
    let device_token = app
        .db
        .write(async |tx| reset(tx, &app, &account, (&digest, &hash, code)).await)
        .await?;
    app.remembered.revoke(member_id);
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(PasswordReset { device_token }))
}

/// The account whose password a token resets. One that was sent to an address which is no longer the
/// member's proves nothing.
async fn find(conn: &Conn, digest: &[u8], now: Timestamp) -> ApiResult<Option<Account>> {
    let Some((member_id, email)) = store::find_member(conn, digest, now).await? else {
        return Ok(None);
    };
    let account = members::account_of(conn, member_id).await?;
    Ok(account.filter(|account| account.email == email))
}

/// Gives the token of the device that the member is at.
async fn reset(
    tx: &Tx,
    app: &App,
    account: &Account,
    (digest, hash, code): (&[u8], &str, Option<&str>),
) -> ApiResult<String> {
    let (member_id, now) = (account.member_id, app.clock.now());
    // Of two at once, with whichever tokens, the second waits here and then finds none.
    let set = members::set_password(tx, member_id, hash).await?;
    if !set || !store::take(tx, digest, now).await? {
        return Err(unknown().into());
    }
    second_factors::prove(tx, app, account, code).await?;
    if code.is_some() {
        attempts::give_back(tx, app, &[Subject::Reset(member_id)]).await?;
    }
    second_factors::forget_pending(tx, member_id).await?;
    store::void(tx, member_id).await?;
    sessions::end_of(tx, member_id, now).await?;
    // Whoever had the account may have made an address of her calendar.
    calendar_feeds::revoke(tx, (account.firm_id, member_id), member_id, now).await?;
    auth::revoke(tx, member_id).await?;
    let device_token = sessions::only_device(tx, app, member_id).await?;
    changes::record(tx, account.change("password_reset", now)).await?;
    let what = "Your password was reset with a token that was sent to this address, and all your sessions were ended.";
    let notice = Notice::new("Your password was reset", what);
    account.tell(tx, app, notice).await?;
    Ok(device_token)
}

fn unknown() -> Problem {
    let detail = "The token is unknown, used or expired; ask for another.";
    Problem::invalid_field("/token", "unknown_token", detail)
}

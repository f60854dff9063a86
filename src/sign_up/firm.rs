//! Signs a firm up, with its first admin.

use actix_web::{HttpResponse, post};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::found::{Founding, found};
use super::store;
use crate::firms::Firm;
use crate::members::{self, Member};
use crate::partnerships;
use crate::platform::app::App;
use crate::platform::auth::passwords;
use crate::platform::config::SignUp;
use crate::platform::db::{Conn, Tx};
use crate::platform::digest::Token;
use crate::platform::error::{ApiResult, Error, Problem};
use crate::platform::http::{Json, Public};
use crate::platform::values::{Country, EmailAddress, Name, TimeZone, Timestamp};

/// A firm that signs up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "pZ0m1VnU3M9yY2cQmB6n5gpZ0m1VnU3M9yY2cQmB6n5",
    "firm": {"name": "Red Mesa Wealth", "time_zone": "America/Denver", "country": "US"},
    "admin": {"name": "Ana Ruiz", "password": "a long pass phrase of hers"},
}))]
pub struct SignUpFirm {
    /// The token that came by mail: after `POST /v1/sign-ups`, or with an invitation to a partnership.
    /// The first admin signs in with the address that the mail was sent to, and finds the proposals made
    /// to it.
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// The firm.
    pub firm: SignUpFirmDetails,
    /// Its first admin.
    pub admin: SignUpAdmin,
}

/// What a firm says of itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUpFirmDetails {
    /// Its name, as its partners will see it.
    pub name: Name,
    /// The zone in which its dates are meant.
    pub time_zone: TimeZone,
    /// Where its phone numbers are dialled.
    pub country: Option<Country>,
}

/// The first admin of a firm, whose address the token has proved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUpAdmin {
    /// The admin's name.
    pub name: Name,
    /// The password: 15 characters or more, whatever they are, but none that is easily guessed.
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 128)]
    pub password: SecretString,
}

/// A firm that has signed up.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedUp {
    /// The firm.
    pub firm: Firm,
    /// Its first admin.
    pub admin: Member,
}

/// Sign a firm up.
///
/// Makes the firm and its first admin in one go, with the token that came by mail. Then sign in with
/// `POST /v1/sessions`.
#[utoipa::path(tag = "firms",
    responses((status = 201, description = "The firm and its admin.", body = SignedUp),
        (status = 409, description = "The address has had an account made for it since the mail was sent.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json")))]
#[post("/v1/firms")]
pub(super) async fn sign_up_firm(
    _open: Public,
    Json(body): Json<SignUpFirm>,
    app: App,
) -> ApiResult<HttpResponse> {
    let now = app.clock.now();
    // Before the password is looked at, which costs more than whoever has no token should have done.
    let email = app
        .db
        .read(async |conn| find_address(conn, &app, &body.token, now).await)
        .await?
        .ok_or_else(unusable)?;
    let context = [
        body.admin.name.as_str(),
        email.as_str(),
        body.firm.name.as_str(),
    ];
    passwords::check(&body.admin.password, "/admin/password", &context).await?;
    let password_hash = passwords::hash(body.admin.password.clone()).await?;
    let signed_up = app
        .db
        .write(async |tx| {
            members::lock_address(tx, &email).await?;
            let email = use_up(tx, &app, &body.token, now).await?;
            let founding = Founding {
                firm: &body.firm,
                admin_name: &body.admin.name,
                email: email.ok_or_else(unusable)?,
                password_hash,
            };
            let signed_up = found(tx, &app, founding).await?;
            partnerships::find_proposals(tx, &signed_up.admin, now).await?;
            Ok(signed_up)
        })
        .await?;
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(signed_up))
}

/// The address that a token proves, whichever mail it came by. By invitation only, a mail of ours proves
/// nothing.
async fn find_address(
    conn: &Conn,
    app: &App,
    token: &str,
    now: Timestamp,
) -> ApiResult<Option<EmailAddress>> {
    if app.settings.sign_up == SignUp::Open {
        let digest = Token::digest_of(token);
        let address = store::find_address(conn, &digest, now).await?;
        if address.is_some() {
            return Ok(address);
        }
    }
    partnerships::find_invited(conn, token, now).await
}

/// Uses up the token, and gives the address likewise.
async fn use_up(
    tx: &Tx,
    app: &App,
    token: &str,
    now: Timestamp,
) -> ApiResult<Option<EmailAddress>> {
    if app.settings.sign_up == SignUp::Open {
        let digest = Token::digest_of(token);
        let address = store::use_up(tx, &digest, now).await?;
        if address.is_some() {
            return Ok(address);
        }
    }
    partnerships::use_invitation(tx, token, now).await
}

fn unusable() -> Error {
    let detail = "The token is unknown, was used, or has expired.";
    Problem::invalid_field("/token", "unusable", detail).into()
}

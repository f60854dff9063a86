//! Asks to sign a firm up.

use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::{self, NewSignUp};
use crate::members;
use crate::platform::app::App;
use crate::platform::config::SignUp;
use crate::platform::db::Tx;
use crate::platform::digest::Token;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Json, Public};
use crate::platform::mail::{self, Draft, Part};
use crate::platform::values::{EmailAddress, Timestamp};

/// A token can be used for a day.
const GOOD_FOR: i64 = 24 * 3600;

/// Who wants to sign a firm up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ana@redmesa.example"}))]
pub struct RequestSignUp {
    /// The address of the firm's first admin, who will sign in with it.
    pub email: EmailAddress,
}

/// A sign-up that was asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"email": "ana@redmesa.example"}))]
pub struct SignUpRequested {
    /// The address to whose mail you look now.
    pub email: EmailAddress,
}

/// Ask to sign a firm up.
///
/// A mail goes to the address. Its token, good once and for a day, signs the firm up with
/// `POST /v1/firms`. Where the address has an account already, the mail says so instead; this answer is
/// the same. An address gets three such mails an hour at most.
#[utoipa::path(tag = "firms",
    responses((status = 202, description = "A mail is on its way.", body = SignUpRequested),
        (status = 403, description = "This service takes firms by invitation only.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json")))]
#[post("/v1/sign-ups")]
pub(super) async fn request_sign_up(
    _open: Public,
    Json(body): Json<RequestSignUp>,
    app: App,
) -> ApiResult<HttpResponse> {
    if app.settings.sign_up == SignUp::Invitation {
        return Err(Problem::forbidden("This service takes firms by invitation only.").into());
    }
    app.db
        .write(async |tx| request(tx, &app, &body.email).await)
        .await?;
    Ok(HttpResponse::Accepted()
        .insert_header(("cache-control", "no-store"))
        .json(SignUpRequested { email: body.email }))
}

/// The same statements whether or not the address has an account, so that the time tells nothing of it.
async fn request(tx: &Tx, app: &App, email: &EmailAddress) -> ApiResult<()> {
    // Who asks at the same moment sends the mail.
    if !store::hold(tx, email).await? {
        return Ok(());
    }
    let now = app.clock.now();
    let token = Token::new();
    let sign_up = NewSignUp {
        id: app.ids.id(now),
        email,
        token_digest: &token.digest,
        now,
        expires_at: now.plus_seconds(GOOD_FOR),
    };
    if !store::insert(tx, &sign_up, now.plus_seconds(-mail::WHILE), mail::MOST).await? {
        return Ok(());
    }
    let url = &app.settings.public_url;
    let (subject, parts) = match members::find_account(tx, email).await? {
        None => with_token(url, &token.text, sign_up.expires_at),
        Some(_) => with_account(url),
    };
    let draft = Draft {
        recipient: email,
        subject,
        parts,
    };
    mail::write(tx, app, draft).await
}

fn with_token(url: &str, token: &str, expires_at: Timestamp) -> (String, Vec<Part>) {
    let parts = vec![
        Part::Paragraph(
            "Somebody, most likely you, wants to sign a firm up at Quid with this address."
                .to_owned(),
        ),
        Part::Paragraph(format!(
            "To go on, sign it up with this token; it can be used once, until {}:",
            expires_at.whole_second()
        )),
        Part::Code(token.to_owned()),
        Part::Paragraph(format!(
            "Send it as `token` to {url}/v1/firms; {url}/docs/ shows how."
        )),
        Part::Paragraph(
            "If it was not you, there is nothing to do: nobody else has the token.".to_owned(),
        ),
    ];
    ("Sign your firm up".to_owned(), parts)
}

fn with_account(url: &str) -> (String, Vec<Part>) {
    let parts = vec![
        Part::Paragraph(
            "Somebody, most likely you, wants to sign a firm up at Quid with this address. It has an \
             account already, and an address has one at most."
                .to_owned(),
        ),
        Part::Paragraph(format!(
            "Sign in to Quid at {url} with this address and your password; if you no longer know it, \
             `POST /v1/password-resets` there sends you a token to set another. If your firm has deactivated you, its admin can let you in again."
        )),
        Part::Paragraph(
            "If it was not you, there is nothing to do: nobody was told that there is an account."
                .to_owned(),
        ),
    ];
    ("You have an account already".to_owned(), parts)
}

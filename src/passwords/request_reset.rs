//! Asks for a mail with which a password is reset.

use actix_web::{HttpResponse, post};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{GOOD_FOR, store};
use crate::attempts::{self, Subject};
use crate::members::{self, Account};
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::digest;
use crate::platform::error::{ApiResult, Error};
use crate::platform::http::{Json, Public};
use crate::platform::jobs::{self, Kind};
use crate::platform::mail::{self, Draft, Part};
use crate::platform::values::EmailAddress;

/// The job that looks whether there is such a member, and writes the mail.
pub const RESET: Kind = Kind {
    name: "reset_password",
    run: send_if_known,
};

/// Whose password is forgotten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ana@redmesa.example"}))]
pub struct RequestPasswordReset {
    /// The member's address.
    pub email: EmailAddress,
}

/// Ask for a password reset.
///
/// If the address is a member's, a mail goes to it with a token that is good once and for an hour. The
/// answer is the same whether it is or not; more than a few mails in an hour are not sent.
#[utoipa::path(tag = "passwords",
    responses((status = 202, description = "If there is such a member, a mail is on its way.")))]
#[post("/v1/password-resets")]
pub(super) async fn request_password_reset(
    _open: Public,
    Json(body): Json<RequestPasswordReset>,
    app: App,
) -> ApiResult<HttpResponse> {
    app.db
        .write(async |tx| {
            // How many are asked for counts alone, so that here all addresses are alike.
            match attempts::take(tx, &app, &Subject::Mailbox(&body.email)).await? {
                Ok(()) => jobs::ask(tx, &app, RESET.name, json!({"email": body.email})).await,
                Err(_) => Ok(()),
            }
        })
        .await?;
    Ok(HttpResponse::Accepted().finish())
}

fn send_if_known<'a>(app: &'a App, payload: &'a Value) -> LocalBoxFuture<'a, ApiResult<()>> {
    async move {
        let email = payload.get("email").and_then(Value::as_str);
        let email = email.and_then(|email| email.parse::<EmailAddress>().ok());
        let email = email.ok_or_else(|| Error::broken("a reset without an address"))?;
        let account = app
            .db
            .read(async |conn| members::account_by_email(conn, &email).await)
            .await?;
        match account {
            Some(account) => app.db.write(async |tx| send(tx, app, &account).await).await,
            None => Ok(()),
        }
    }
    .boxed_local()
}

async fn send(tx: &Tx, app: &App, account: &Account) -> ApiResult<()> {
    let now = app.clock.now();
    let token: [u8; 32] = digest::random();
    let token = digest::base64url(&token);
    let expires_at = now.plus_seconds(GOOD_FOR);
    let digest = digest::sha256(token.as_bytes());
    let id = app.ids.id(now);
    store::insert(tx, id, account, &digest, (now, expires_at)).await?;
    let url = &app.settings.public_url;
    let parts = vec![
        Part::Paragraph(format!("Hello {},", account.name)),
        Part::Paragraph(format!(
            "somebody, you we hope, asked to reset the password of your account with Quid at {url}. To set a new one, use this token; it can be used once, until {}:",
            expires_at.whole_second()
        )),
        Part::Code(token),
        Part::Paragraph(format!(
            "Enter it in your app, or send it as `token` with `new_password` to {url}/v1/password-resets/use; {url}/docs/ shows how."
        )),
        Part::Paragraph(
            "If you did not ask for it, there is nothing to do: without the token nothing changes. Give it to nobody."
                .to_owned(),
        ),
    ];
    let draft = Draft {
        recipient: &account.email,
        subject: "Reset your password".to_owned(),
        parts,
    };
    mail::write(tx, app, draft).await
}

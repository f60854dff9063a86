//! Signs a member in.

use actix_web::{HttpResponse, post};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Tokens, store, tokens_for};
use crate::members;
use crate::platform::app::App;
use crate::platform::auth::passwords;
use crate::platform::error::{ApiResult, Error, Problem, WRONG_CREDENTIALS};
use crate::platform::http::{Json, Public};
use crate::platform::values::EmailAddress;

/// Who signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ana@redmesa.example", "password": "a long pass phrase of hers"}))]
pub struct SignIn {
    /// The member's address.
    pub email: EmailAddress,
    /// The member's password.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 128)]
    pub password: SecretString,
}

/// Sign in.
///
/// Gives an access token for ten minutes and a refresh token for the session.
#[utoipa::path(tag = "sessions",
    responses((status = 201, description = "The session's tokens.", body = Tokens),
        (status = 401, description = "Address and password do not belong together.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json")))]
#[post("/v1/sessions")]
pub(super) async fn sign_in(
    _open: Public,
    Json(body): Json<SignIn>,
    app: App,
) -> ApiResult<HttpResponse> {
    let known = app
        .db
        .read(async |conn| members::password_of(conn, &body.email).await)
        .await?;
    let (member_id, hash) = known.unzip();
    let right = passwords::verify(body.password, hash).await?;
    let member_id = member_id.filter(|_| right).ok_or_else(wrong)?;
    let now = app.clock.now();
    let id = app.ids.id(now);
    let caller = app
        .db
        .write(async |tx| {
            store::insert(tx, id, member_id, now).await?;
            store::find_caller(tx, id, now).await
        })
        .await?;
    let tokens = tokens_for(&app, &caller.ok_or_else(wrong)?, 0)?;
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(tokens))
}

fn wrong() -> Error {
    Problem::new(
        &WRONG_CREDENTIALS,
        "The address and the password do not belong together.",
    )
    .into()
}

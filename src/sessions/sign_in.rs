//! Signs a member in.

use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse, post};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::begin::{Begun, begin};
use super::{Tokens, devices, tokens_for};
use crate::attempts::{self, Subject};
use crate::members::{self, Account};
use crate::platform::app::App;
use crate::platform::auth::passwords;
use crate::platform::error::{ApiResult, Error, Problem, WRONG_CREDENTIALS};
use crate::platform::http::{Json, Public, limits};
use crate::platform::values::{EmailAddress, Name};
use crate::second_factors;

/// Of a `User-Agent` so much is kept.
const LONGEST_AGENT: usize = 200;

/// Who signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ana@redmesa.example", "password": "a long pass phrase of hers", "device": "Ana's phone"}))]
pub struct SignIn {
    /// The member's address.
    pub email: EmailAddress,
    /// The member's password.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 512)]
    pub password: SecretString,
    /// Where the account has a second factor: the six digits that the app shows now, or a recovery code.
    #[schema(
        nullable = false,
        min_length = 6,
        max_length = 32,
        pattern = "^[0-9A-Za-z -]*$"
    )]
    pub code: Option<String>,
    /// What to call the device in the list of sessions.
    #[schema(nullable = false)]
    pub device: Option<Name>,
    /// The device token of an earlier sign-in on this device: then others who guess at the account
    /// don't keep you out, and no mail tells of a new device.
    #[schema(value_type = Option<String>, nullable = false, min_length = 1, max_length = 200)]
    pub device_token: Option<SecretString>,
}

/// A member who is signed in: tokens in the form of RFC 6749, 5.1.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln", "token_type": "Bearer",
    "expires_in": 600, "refresh_token": "AZi20nwdekCdUwuPTC8aEQAAAAA",
    "device_token": "Zk6Q8mUqk1v0mFf3o0cZ1yqkJ5s3q2-7wX0v9mJm1b0",
}))]
pub struct SignedIn {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    /// Exchange it at `POST /oauth/token` with `grant_type=refresh_token`.
    pub refresh_token: String,
    /// Keep it on the device, also when you sign out, and send it with the next sign-in.
    pub device_token: String,
}

/// Sign in.
///
/// Gives an access token for ten minutes and a refresh token for the session. Where the account has a
/// second factor, a sign-in without `code` is answered with `second-factor-required`. After some wrong
/// passwords strangers are told to wait (429 `too-many-attempts`), whether the account exists or not; a
/// device that sends the `device_token` of an earlier sign-in is not kept out by them.
#[utoipa::path(tag = "sessions",
    responses((status = 201, description = "The session's tokens.", body = SignedIn),
        (status = 401, description = "Address and password do not belong together, or a code is needed or not right.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json")))]
#[post("/v1/sessions")]
pub(super) async fn sign_in(
    _open: Public,
    Json(body): Json<SignIn>,
    request: HttpRequest,
    app: App,
) -> ApiResult<HttpResponse> {
    let asked = look(&app, &body).await?;
    let network = limits::client_network(&request, &app);
    let counted: Vec<_> = match asked.device_id {
        Some(device) => vec![Subject::Device(device)],
        None => [Subject::Account(&body.email)]
            .into_iter()
            .chain(network.map(Subject::Network))
            .collect(),
    };
    attempts::charge(&app, &counted).await?;
    let account = known(asked.account, &body.password).await?;
    if body.code.is_none() && needs_code(&app, &account).await? {
        // It was the right password: no attempt was lost on it.
        attempts::forgive(&app, &counted).await?;
        return Err(second_factors::required().into());
    }
    let begun = Begun {
        account: &account,
        device_id: asked.device_id,
        body: &body,
        user_agent: user_agent(&request),
    };
    let (caller, device_token) = app
        .db
        .write(async |tx| {
            let begun = begin(tx, &app, &begun).await?;
            attempts::give_back(tx, &app, &counted).await?;
            Ok(begun)
        })
        .await?;
    Ok(answer(tokens_for(&app, &caller, 0)?, device_token))
}

fn answer(tokens: Tokens, device_token: String) -> HttpResponse {
    let Tokens {
        access_token,
        token_type,
        expires_in,
        refresh_token,
    } = tokens;
    HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(SignedIn {
            access_token,
            token_type,
            expires_in,
            refresh_token,
            device_token,
        })
}

/// Who asks, before anything is proved.
struct Asked {
    account: Option<Account>,
    /// A device on which this member has signed in before.
    device_id: Option<Uuid>,
}

async fn look(app: &App, body: &SignIn) -> ApiResult<Asked> {
    app.db
        .read(async |conn| {
            let account = members::account_by_email(conn, &body.email).await?;
            let member_id = account.as_ref().map(|account| account.member_id);
            let device_id = devices::find(conn, member_id, body.device_token.as_ref()).await?;
            Ok(Asked { account, device_id })
        })
        .await
}

/// The account, if the password is its own. It takes as long where there is none.
async fn known(account: Option<Account>, password: &SecretString) -> ApiResult<Account> {
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let right = passwords::verify(password.clone(), hash).await?;
    account.filter(|_| right).ok_or_else(wrong)
}

async fn needs_code(app: &App, account: &Account) -> ApiResult<bool> {
    app.db
        .read(async |conn| second_factors::is_confirmed(conn, account.member_id).await)
        .await
}

fn user_agent(request: &HttpRequest) -> Option<String> {
    let agent = request.headers().get(USER_AGENT)?.to_str().ok()?;
    let agent: String = agent.trim().chars().take(LONGEST_AGENT).collect();
    (!agent.is_empty()).then_some(agent)
}

pub(super) fn wrong() -> Error {
    Problem::new(
        &WRONG_CREDENTIALS,
        "The address and the password do not belong together.",
    )
    .into()
}

//! The grants that the token endpoint offers.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use secrecy::SecretString;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::token::TokenRequest;
use crate::api_clients;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Scopes, Who, tokens};
use crate::platform::error::ApiResult;
use crate::sessions::{self, Exchange};

/// Tokens (RFC 6749, 5.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenAnswer {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    /// The scopes that it has; empty for a person, whose role decides.
    pub scope: String,
    /// With `grant_type=refresh_token`: the successor of the one that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub refresh_token: Option<String>,
}

/// Why there is no token (RFC 6749, 5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenRefusal {
    /// The code.
    #[schema(example = "invalid_client")]
    pub error: &'static str,
    /// A sentence.
    pub error_description: &'static str,
}

/// Renews a session.
pub(super) async fn refresh(parsed: TokenRequest, app: &App) -> ApiResult<HttpResponse> {
    let Some(token) = parsed.refresh_token else {
        return Ok(refuse(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "`refresh_token` is missing.",
        ));
    };
    Ok(match sessions::exchange(app, &token).await? {
        Exchange::Renewed(tokens) => grant(&TokenAnswer {
            access_token: tokens.access_token,
            token_type: tokens.token_type,
            expires_in: tokens.expires_in,
            scope: String::new(),
            refresh_token: Some(tokens.refresh_token),
        }),
        Exchange::Refused => refuse(
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            "The refresh token is not valid; sign in again.",
        ),
    })
}

/// Signs an API client in.
pub(super) async fn client_credentials(
    request: &HttpRequest,
    parsed: TokenRequest,
    app: &App,
) -> ApiResult<HttpResponse> {
    let header = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let given = match header {
        Some(header) => basic(header),
        None => parsed.client_id.zip(parsed.client_secret),
    };
    let wrong = || {
        refuse(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "The client's id and secret do not belong together.",
        )
    };
    let Some((id, secret)) = given else {
        return Ok(wrong());
    };
    let found = match id.parse::<Uuid>() {
        Ok(id) => {
            app.db
                .read(async |conn| api_clients::authenticate(conn, id, &secret).await)
                .await?
        }
        Err(_) => None,
    };
    let Some(caller) = found else {
        return Ok(wrong());
    };
    let Some(caller) = scoped(caller, parsed.scope.as_deref()) else {
        return Ok(refuse(
            StatusCode::BAD_REQUEST,
            "invalid_scope",
            "A scope is unknown or was not granted.",
        ));
    };
    let now = app.clock.now();
    let scope = match caller.who {
        Who::ApiClient { scopes, .. } => scopes.to_string(),
        Who::Member { .. } => String::new(),
    };
    let access_token = tokens::sign(
        &app.keys,
        &app.settings.public_url,
        &caller,
        app.ids.id(now),
        now,
    )?;
    Ok(grant(&TokenAnswer {
        access_token,
        token_type: "Bearer",
        expires_in: tokens::ACCESS_TOKEN_SECONDS,
        scope,
        refresh_token: None,
    }))
}

/// The caller with the scopes asked for, if it holds them all.
fn scoped(caller: Caller, asked: Option<&str>) -> Option<Caller> {
    let Who::ApiClient {
        api_client_id,
        scopes,
    } = caller.who
    else {
        return None;
    };
    let scopes = match asked.map(str::trim).filter(|asked| !asked.is_empty()) {
        None => scopes,
        Some(asked) => Scopes::parse(asked).filter(|asked| asked.and(scopes) == *asked)?,
    };
    Some(Caller {
        who: Who::ApiClient {
            api_client_id,
            scopes,
        },
        ..caller
    })
}

/// RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
fn basic(header: &str) -> Option<(String, SecretString)> {
    let (scheme, encoded) = header.split_once(' ')?;
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(encoded.trim())
        .ok()?;
    let text = String::from_utf8(bytes)
        .ok()
        .filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (id, secret) = text.split_once(':')?;
    let decode = |part: &str| {
        url::form_urlencoded::parse(part.as_bytes())
            .next()
            .map(|(name, _)| name.into_owned())
    };
    Some((decode(id)?, decode(secret)?.into()))
}

fn grant(tokens: &TokenAnswer) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(tokens)
}

/// Says why there is no token.
pub(super) fn refuse(
    status: StatusCode,
    error: &'static str,
    error_description: &'static str,
) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"quid\""));
    }
    response
        .insert_header(("cache-control", "no-store"))
        .json(TokenRefusal {
            error,
            error_description,
        })
}

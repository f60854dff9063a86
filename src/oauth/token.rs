//! The token endpoint.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, post, web};
use base64::Engine;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api_clients;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Scopes, Who, tokens};
use crate::platform::error::ApiResult;
use crate::platform::http::{Public, read_body};
use crate::sessions::{self, Exchange};

const LIMIT: usize = 8 * 1024;
const DEADLINE: std::time::Duration = std::time::Duration::from_secs(10);

/// A token request (RFC 6749, 4.4.2 and 6). Unknown parameters are ignored, as it asks.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"grant_type": "client_credentials", "client_id": "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a11", "client_secret": "quid_…", "scope": "introductions:read"}))]
pub struct TokenRequest {
    /// `client_credentials` for an API client, `refresh_token` for a person's session.
    #[schema(max_length = 100)]
    pub grant_type: Option<String>,
    /// The API client's id, unless it comes in the `Authorization` header.
    #[schema(max_length = 100)]
    pub client_id: Option<String>,
    /// The API client's secret, unless it comes in the `Authorization` header.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub client_secret: Option<SecretString>,
    /// Scopes separated by blanks, of those that the API client holds; all of them unless told.
    #[schema(max_length = 2000)]
    pub scope: Option<String>,
    /// With `refresh_token`: the session's refresh token.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub refresh_token: Option<String>,
}

/// Tokens (RFC 6749, 5.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenAnswer {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    /// The scopes that it has.
    pub scope: String,
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

/// Get or refresh tokens.
///
/// `grant_type=client_credentials` signs an API client in, `grant_type=refresh_token` renews a
/// person's session: each refresh token is good once, and its successor is in the answer.
#[utoipa::path(tag = "oauth", request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "Tokens. A refreshed session has a `refresh_token` too.", body = TokenAnswer),
        (status = 400, description = "The request or the grant is not valid.", body = TokenRefusal),
        (status = 401, description = "The client's credentials are not right.", body = TokenRefusal)))]
#[post("/oauth/token")]
pub(super) async fn issue_token(
    _open: Public,
    request: HttpRequest,
    payload: web::Payload,
    app: App,
) -> ApiResult<HttpResponse> {
    let body = read_body(&request, &mut payload.into_inner(), LIMIT, DEADLINE).await?;
    let form = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let is_form = form.is_some_and(|kind| {
        kind.to_ascii_lowercase()
            .starts_with("application/x-www-form-urlencoded")
    });
    let parsed: Option<TokenRequest> = serde_urlencoded::from_bytes(&body).ok().filter(|_| is_form);
    let Some(parsed) = parsed else {
        return Ok(refuse(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Send one form, each parameter once.",
        ));
    };
    match parsed.grant_type.as_deref() {
        Some("client_credentials") => client_credentials(&request, parsed, &app).await,
        Some("refresh_token") => refresh(parsed, &app).await,
        Some(_) => Ok(refuse(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "This grant is not offered.",
        )),
        None => Ok(refuse(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "`grant_type` is missing.",
        )),
    }
}

async fn refresh(parsed: TokenRequest, app: &App) -> ApiResult<HttpResponse> {
    let Some(token) = parsed.refresh_token else {
        return Ok(refuse(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "`refresh_token` is missing.",
        ));
    };
    Ok(match sessions::exchange(app, &token).await? {
        Exchange::Renewed(tokens) => grant(&tokens),
        Exchange::Refused => refuse(
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            "The refresh token is not valid; sign in again.",
        ),
    })
}

async fn client_credentials(
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

fn grant<T: Serialize>(tokens: &T) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(tokens)
}

fn refuse(
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

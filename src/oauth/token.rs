//! The token endpoint.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, post, web};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::grants::{TokenAnswer, TokenRefusal, client_credentials, refresh, refuse};
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::{Public, read_body};

const LIMIT: usize = 8 * 1024;
const DEADLINE: std::time::Duration = std::time::Duration::from_secs(8);

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

/// Get or refresh tokens.
///
/// `grant_type=client_credentials` signs an API client in, `grant_type=refresh_token` renews a
/// person's session: each refresh token is good once, and its successor is in the answer.
#[utoipa::path(tag = "oauth", request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "Tokens.", body = TokenAnswer),
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

//! What a client can find out by itself.

use actix_web::{HttpRequest, HttpResponse, get};
use serde_json::json;

use crate::platform::app::App;
use crate::platform::auth::Scope;
use crate::platform::http::{Public, public};

/// What this authorization server offers.
///
/// RFC 8414.
#[utoipa::path(tag = "oauth", responses((status = 200, description = "The metadata.", body = serde_json::Value)))]
#[get("/.well-known/oauth-authorization-server")]
pub(super) async fn get_authorization_server_metadata(
    _open: Public,
    request: HttpRequest,
    app: App,
) -> HttpResponse {
    let issuer = &app.settings.public_url;
    let metadata = json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/oauth/token"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "grant_types_supported": ["client_credentials", "refresh_token"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "scopes_supported": Scope::ALL,
        "service_documentation": format!("{issuer}/docs/"),
    });
    public(&request, metadata.to_string().into_bytes(), 300)
}

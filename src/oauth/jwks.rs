//! Publishes the keys that verify access tokens.

use actix_web::{HttpRequest, HttpResponse, get};

use crate::platform::app::App;
use crate::platform::http::{Public, public};

/// The keys that verify access tokens.
///
/// A JSON Web Key Set (RFC 7517). A new key stands here for five minutes before it signs.
#[utoipa::path(tag = "oauth", responses((status = 200, description = "The keys.", body = serde_json::Value)))]
#[get("/.well-known/jwks.json")]
pub(super) async fn get_jwks(_open: Public, request: HttpRequest, app: App) -> HttpResponse {
    public(
        &request,
        serde_json::to_vec(&app.keys.public()).unwrap_or_default(),
        300,
    )
}

//! Ends the caller's session.

use actix_web::{HttpResponse, delete};

use super::store;
use crate::platform::app::App;
use crate::platform::auth::{self, Duty, Rule};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, NoPath, no_content};

pub(super) struct SignOut;

impl Action for SignOut {
    const RULE: Rule = Rule::people(Duty::Read);
    type Path = NoPath;
    type Subject = ();
}

/// Sign out.
///
/// Ends the session that the token belongs to. Its tokens are refused everywhere within a second.
#[utoipa::path(tag = "sessions", security(("person" = [])),
    responses((status = 204, description = "The session has ended.")))]
#[delete("/v1/sessions/current")]
pub(super) async fn sign_out(session: Allowed<SignOut>, app: App) -> ApiResult<HttpResponse> {
    let (id, now) = (session.caller().credential_id, app.clock.now());
    app.db
        .write(async |tx| {
            store::end(tx, id, now).await?;
            auth::revoke(tx, id).await
        })
        .await?;
    app.remembered.revoke(id);
    Ok(no_content())
}

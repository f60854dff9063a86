//! Ends all of the caller's sessions but the current one.

use actix_web::{HttpResponse, post};

use super::sign_out::SignOut;
use super::store;
use crate::platform::app::App;
use crate::platform::auth::{self, Caller};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::http::{Allowed, no_content};
use crate::platform::values::Timestamp;

/// End all your other sessions.
///
/// Their tokens are refused everywhere within a second, and their devices are strangers from then on.
#[utoipa::path(tag = "sessions", security(("person" = [])),
    responses((status = 204, description = "This session is the only one.")))]
#[post("/v1/sessions/current/end-others")]
pub(super) async fn end_other_sessions(
    session: Allowed<SignOut>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now) = (session.caller(), app.clock.now());
    app.db
        .write(async |tx| end_others(tx, caller, now).await)
        .await?;
    app.remembered.revoke(caller.actor_id());
    Ok(no_content())
}

/// Ends every session of a member but the caller's, and forgets the devices.
pub async fn end_others(tx: &Tx, caller: &Caller, now: Timestamp) -> ApiResult<()> {
    let (member_id, current) = (caller.actor_id(), caller.credential_id);
    store::end_others(tx, member_id, current, now).await?;
    store::forget_devices(tx, member_id, Some(current)).await?;
    auth::revoke(tx, member_id).await
}

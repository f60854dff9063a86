//! Removes the second factor.

use actix_web::{HttpResponse, post};

use super::{ProveYourself, store};
use crate::changes;
use crate::members::{Notice, OwnAccount};
use crate::platform::app::App;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Allowed, Json, no_content};

/// Remove the authenticator app.
///
/// Needs the password or a code. From now on signing in asks for the password alone; the recovery codes
/// are no good any more.
#[utoipa::path(tag = "second factor", security(("person" = [])),
    responses((status = 204, description = "There is no second factor any more.")))]
#[post("/v1/me/second-factor/remove")]
pub(super) async fn remove_second_factor(
    account: Allowed<OwnAccount>,
    Json(body): Json<ProveYourself>,
    app: App,
) -> ApiResult<HttpResponse> {
    let caller = account.caller();
    body.known(&app, caller, &account).await?;
    app.db
        .write(async |tx| {
            let held = store::hold(tx, account.member_id).await?;
            let was_confirmed =
                held.ok_or_else(|| Problem::state_forbids("none", &["enrol"]))?;
            body.shown(tx, &app, caller, &account).await?;
            store::remove(tx, account.member_id).await?;
            if !was_confirmed {
                // Signing in never asked for it: nothing was added, and nothing is taken away.
                return Ok(());
            }
            let what = "The authenticator app was removed from your account: signing in asks for the password alone from now on.";
            let notice = Notice::new("The authenticator app was removed", what);
            changes::record(tx, account.change("second_factor_removed", app.clock.now())).await?;
            account.tell(tx, &app, notice).await
        })
        .await?;
    Ok(no_content())
}

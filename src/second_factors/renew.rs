//! Renews the recovery codes.

use actix_web::{HttpResponse, post};

use super::{ProveYourself, RecoveryCodes, new_codes, store};
use crate::changes;
use crate::members::{Notice, OwnAccount};
use crate::platform::app::App;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Allowed, Json};

/// Renew the recovery codes.
///
/// Needs the password or a code. Ten new ones are in the answer and nowhere else; those before are no
/// good any more.
#[utoipa::path(tag = "second factor", security(("person" = [])),
    responses((status = 200, description = "The recovery codes.", body = RecoveryCodes)))]
#[post("/v1/me/second-factor/recovery-codes")]
pub(super) async fn renew_recovery_codes(
    account: Allowed<OwnAccount>,
    Json(body): Json<ProveYourself>,
    app: App,
) -> ApiResult<HttpResponse> {
    let caller = account.caller();
    body.known(&app, caller, &account).await?;
    let codes = app
        .db
        .write(async |tx| {
            body.shown(tx, &app, caller, &account).await?;
            // Two renewals at once would each leave the codes of the other.
            if store::hold(tx, account.member_id).await? != Some(true) {
                return Err(Problem::state_forbids("none", &["enrol"]).into());
            }
            let what = "Your recovery codes were renewed; those before are no good any more.";
            let notice = Notice::new("Your recovery codes were renewed", what);
            changes::record(
                tx,
                account.change("recovery_codes_renewed", app.clock.now()),
            )
            .await?;
            account.tell(tx, &app, notice).await?;
            new_codes(tx, &app, account.member_id).await
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(codes))
}

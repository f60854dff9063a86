//! Confirms an authenticator app with its first code.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{self, Code};
use super::{RecoveryCodes, new_codes, open, store};
use crate::attempts::{self, Subject};
use crate::changes;
use crate::members::{Account, Notice, OwnAccount};
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Allowed, Json};

/// The first code of an app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "492039"}))]
pub struct ConfirmSecondFactor {
    /// The six digits that the app shows now.
    #[schema(min_length = 6, max_length = 32, pattern = "^[0-9A-Za-z -]*$")]
    pub code: String,
}

/// Confirm the authenticator app.
///
/// From now on signing in asks for a code. The answer has the recovery codes, which are told this once:
/// keep them where you find them when the phone is lost.
#[utoipa::path(tag = "second factor", security(("person" = [])),
    responses((status = 200, description = "The recovery codes.", body = RecoveryCodes)))]
#[post("/v1/me/second-factor/confirm")]
pub(super) async fn confirm_second_factor(
    account: Allowed<OwnAccount>,
    Json(body): Json<ConfirmSecondFactor>,
    app: App,
) -> ApiResult<HttpResponse> {
    let counted = [Subject::Session(account.caller().credential_id)];
    attempts::charge(&app, &counted).await?;
    let codes = app
        .db
        .write(async |tx| {
            let codes = confirm(tx, &app, &account, &body.code).await?;
            attempts::give_back(tx, &app, &counted).await?;
            Ok(codes)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(codes))
}

async fn confirm(tx: &Tx, app: &App, account: &Account, code: &str) -> ApiResult<RecoveryCodes> {
    let (member_id, now) = (account.member_id, app.clock.now());
    let confirmed = || Problem::state_forbids("confirmed", &["remove", "recovery-codes"]);
    account.hold(tx).await?;
    let kept = store::find(tx, member_id).await?;
    let kept = kept.ok_or_else(|| Problem::state_forbids("none", &["enrol"]))?;
    if kept.confirmed_at.is_some() {
        return Err(confirmed().into());
    }
    let secret = open(app, &kept.sealed_secret)?;
    let step = match Code::read(code) {
        Some(Code::OfApp(digits)) => model::step_of(&secret, &digits, now),
        Some(Code::Recovery(_)) | None => None,
    };
    let step = step.ok_or_else(|| {
        let detail = "This is not what the app shows now; see that its clock is right.";
        Problem::invalid_field("/code", "wrong", detail)
    })?;
    if !store::confirm(tx, member_id, &kept.sealed_secret, step, now).await? {
        return Err(confirmed().into());
    }
    let what =
        "An authenticator app was added to your account: signing in asks for its code from now on.";
    let notice = Notice::new("An authenticator app was added", what);
    changes::record(tx, account.change("second_factor_added", app.clock.now())).await?;
    account.tell(tx, app, notice).await?;
    new_codes(tx, app, member_id).await
}

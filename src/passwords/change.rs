//! Changes the caller's password.

use actix_web::{HttpResponse, post};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::attempts::{self, Subject};
use crate::members::{self, Notice, OwnAccount};
use crate::platform::app::App;
use crate::platform::auth::passwords;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Allowed, Json, no_content};
use crate::{changes, second_factors, sessions};

/// A new password in place of the present one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"present_password": "a long pass phrase of hers", "new_password": "another long pass phrase of hers"}))]
pub struct ChangePassword {
    /// The password that you have.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 512)]
    pub present_password: SecretString,
    /// The password that you want: 15 characters or more, whatever they are, but none that is easily
    /// guessed.
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 128)]
    pub new_password: SecretString,
}

/// Change your password.
///
/// Every session of yours ends but this one, and you hear of it by mail.
#[utoipa::path(tag = "passwords", security(("person" = [])),
    responses((status = 204, description = "The password is changed.")))]
#[post("/v1/me/password")]
pub(super) async fn change_password(
    account: Allowed<OwnAccount>,
    Json(body): Json<ChangePassword>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now) = (account.caller(), app.clock.now());
    let counted = [Subject::Session(caller.credential_id)];
    attempts::charge(&app, &counted).await?;
    let before = account.password_hash.clone();
    if !passwords::verify(body.present_password, Some(before.clone())).await? {
        return Err(wrong().into());
    }
    passwords::check(&body.new_password, "/new_password", &account.context()).await?;
    let hash = passwords::hash(body.new_password).await?;
    app.db
        .write(async |tx| {
            if !members::replace_password(tx, account.member_id, &before, &hash).await? {
                return Err(wrong().into());
            }
            second_factors::forget_pending(tx, account.member_id).await?;
            sessions::end_others(tx, caller, now).await?;
            attempts::give_back(tx, &app, &counted).await?;
            changes::record(tx, account.change("password_changed", now)).await?;
            let notice = Notice::new(
                "Your password was changed",
                "Your password was changed, and all your other sessions were ended.",
            );
            account.tell(tx, &app, notice).await
        })
        .await?;
    app.remembered.revoke(account.member_id);
    Ok(no_content())
}

fn wrong() -> Problem {
    Problem::invalid_field("/present_password", "wrong", "This is not your password.")
}

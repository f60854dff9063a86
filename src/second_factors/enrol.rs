//! Makes the secret for an authenticator app.

use actix_web::{HttpResponse, post};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{know_password, model, store};
use crate::members::OwnAccount;
use crate::platform::app::App;
use crate::platform::digest::{self, Purpose};
use crate::platform::error::{ApiResult, Error, Problem};
use crate::platform::http::{Allowed, Json};

/// Who enrols.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "a long pass phrase of hers"}))]
pub struct EnrolSecondFactor {
    /// Your password: with a stolen token alone nobody may keep you out.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 512)]
    pub password: SecretString,
}

/// What an authenticator app needs, which is told this once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "uri": "otpauth://totp/Quid:ana%40redmesa.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Quid",
}))]
pub struct Enrolment {
    /// The secret in base 32, to be typed.
    pub secret: String,
    /// The same as a URI, to be shown as a QR code.
    pub uri: String,
}

/// Enrol an authenticator app.
///
/// Gives the secret that the app shall have. It is asked for once you have confirmed it with its first
/// code; until then you can begin anew.
#[utoipa::path(tag = "second factor", security(("person" = [])),
    responses((status = 201, description = "What the app needs.", body = Enrolment)))]
#[post("/v1/me/second-factor")]
pub(super) async fn enrol_second_factor(
    account: Allowed<OwnAccount>,
    Json(body): Json<EnrolSecondFactor>,
    app: App,
) -> ApiResult<HttpResponse> {
    know_password(&app, account.caller(), &account, body.password).await?;
    let secret: [u8; model::SECRET_BYTES] = digest::random();
    let sealed = app.master.seal(Purpose::SecondFactors, &secret);
    let sealed = sealed.ok_or_else(|| Error::broken("a second factor can't be sealed"))?;
    let uri = model::uri(&secret, &account.email);
    let uri = uri.ok_or_else(|| Error::broken("a second factor has no URI"))?;
    let now = app.clock.now();
    let begun = app
        .db
        .write(async |tx| {
            account.hold(tx).await?;
            store::begin(tx, account.member_id, &sealed, now).await
        })
        .await?;
    if !begun {
        return Err(Problem::state_forbids("confirmed", &["remove", "recovery-codes"]).into());
    }
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(Enrolment {
            secret: model::base32(&secret),
            uri,
        }))
}

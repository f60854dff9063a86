//! Withdraws a client's consent.

use actix_web::http::StatusCode;
use actix_web::post;

use super::ended::tell;
use super::get::ConsentPath;
use super::store;
use crate::clients::{Consent, policy};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer};

pub struct WithdrawConsent;

impl Action for WithdrawConsent {
    const RULE: Rule = policy::CONSENT;
    type Path = ConsentPath;
    type Subject = Consent;
}

/// Withdraw a client's consent.
///
/// The client's identity is sealed again at once, wherever the partner saw it.
#[utoipa::path(tag = "consents", params(ConsentPath), security(("person" = []), ("machine" = [WithdrawConsent::SCOPE])),
    responses((status = 200, description = "The consent, withdrawn.", body = Consent)))]
#[post("/v1/consents/{consent_id}/withdraw")]
pub async fn withdraw_consent(
    consent: Allowed<WithdrawConsent>,
    app: App,
) -> ApiResult<Answer<Consent>> {
    let (caller, now) = (consent.caller(), app.clock.now());
    consent
        .once(StatusCode::OK, async |tx| {
            let withdrawn = store::withdraw_consent(tx, caller.firm_id, consent.id, now).await?;
            let withdrawn = withdrawn.ok_or_else(|| Problem::state_forbids("withdrawn", &[]))?;
            tell(tx, caller, &withdrawn, "withdraw", now).await?;
            Ok(withdrawn)
        })
        .await
}

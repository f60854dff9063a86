//! Reads one consent.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::store;
use crate::clients::{Consent, policy};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer};

/// Which consent.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ConsentPath {
    /// The consent's id.
    pub consent_id: Uuid,
}

pub struct ReadConsent;

impl Action for ReadConsent {
    const RULE: Rule = policy::READ;
    type Path = ConsentPath;
    type Subject = Consent;

    async fn find(app: &App, caller: &Caller, path: ConsentPath) -> ApiResult<Option<Consent>> {
        app.db
            .read(async |conn| store::find_consent(conn, caller.firm_id, path.consent_id).await)
            .await
    }
}

/// Read a consent.
///
/// One that your firm recorded; no other firm finds it here.
#[utoipa::path(tag = "consents", params(ConsentPath), security(("person" = []), ("machine" = [ReadConsent::SCOPE])),
    responses((status = 200, description = "The consent.", body = Consent)))]
#[get("/v1/consents/{consent_id}")]
pub async fn get_consent(consent: Allowed<ReadConsent>) -> Answer<Consent> {
    Answer::ok(consent.into_subject())
}

//! Reads one consent.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::clients::{Consent, policy};
use crate::platform::auth::Rule;
use crate::platform::http::{Action, Allowed, Answer, IdPath};

/// Which consent.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ConsentPath {
    /// The consent's id.
    pub consent_id: Uuid,
}

impl IdPath for ConsentPath {
    fn id(&self) -> Uuid {
        self.consent_id
    }
}

pub struct ReadConsent;

impl Action for ReadConsent {
    const RULE: Rule = policy::READ;
    type Path = ConsentPath;
    type Subject = Consent;
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

//! Reads one piece of evidence.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::Evidence;
use super::store;
use crate::action_steps::policy;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which evidence.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct EvidencePath {
    /// The evidence's id.
    pub evidence_id: Uuid,
}

impl IdPath for EvidencePath {
    fn id(&self) -> Uuid {
        self.evidence_id
    }
}

impl Shown for Evidence {
    const COLLECTION: &'static str = "/v1/action-step-evidence/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadEvidence;

impl Action for ReadEvidence {
    const RULE: Rule = policy::READ;
    type Path = EvidencePath;
    type Subject = Evidence;
}

/// Read a piece of evidence.
///
/// Of either party's steps.
#[utoipa::path(tag = "action steps", params(EvidencePath), security(("person" = []), ("machine" = [ReadEvidence::SCOPE])),
    responses((status = 200, description = "The evidence.", body = Evidence)))]
#[get("/v1/action-step-evidence/{evidence_id}")]
pub async fn get_evidence(evidence: Allowed<ReadEvidence>) -> Answer<Evidence> {
    Answer::ok(evidence.into_subject())
}

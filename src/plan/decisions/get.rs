//! Reads one decision.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::PlanDecision;
use super::store;
use crate::plan::policy;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which decision.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct DecisionPath {
    /// The decision's id.
    pub plan_decision_id: Uuid,
}

impl IdPath for DecisionPath {
    fn id(&self) -> Uuid {
        self.plan_decision_id
    }
}

impl Shown for PlanDecision {
    const COLLECTION: &'static str = "/v1/plan-decisions/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadDecision;

impl Action for ReadDecision {
    const RULE: Rule = policy::READ;
    type Path = DecisionPath;
    type Subject = PlanDecision;
}

/// Read a decision.
///
/// Either party's.
#[utoipa::path(tag = "plan", params(DecisionPath),
    security(("person" = []), ("machine" = [ReadDecision::SCOPE])),
    responses((status = 200, description = "The decision.", body = PlanDecision)))]
#[get("/v1/plan-decisions/{plan_decision_id}")]
pub async fn get_plan_decision(decision: Allowed<ReadDecision>) -> Answer<PlanDecision> {
    Answer::ok(decision.into_subject())
}

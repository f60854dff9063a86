//! Reads one waiver.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::PlanWaiver;
use super::store;
use crate::plan::policy;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which waiver.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct WaiverPath {
    /// The waiver's id.
    pub plan_waiver_id: Uuid,
}

impl IdPath for WaiverPath {
    fn id(&self) -> Uuid {
        self.plan_waiver_id
    }
}

impl Shown for PlanWaiver {
    const COLLECTION: &'static str = "/v1/plan-waivers/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadWaiver;

impl Action for ReadWaiver {
    const RULE: Rule = policy::READ;
    type Path = WaiverPath;
    type Subject = PlanWaiver;
}

/// Read a waiver.
///
/// Either party's.
#[utoipa::path(tag = "plan", params(WaiverPath),
    security(("person" = []), ("machine" = [ReadWaiver::SCOPE])),
    responses((status = 200, description = "The waiver.", body = PlanWaiver)))]
#[get("/v1/plan-waivers/{plan_waiver_id}")]
pub async fn get_plan_waiver(waiver: Allowed<ReadWaiver>) -> Answer<PlanWaiver> {
    Answer::ok(waiver.into_subject())
}

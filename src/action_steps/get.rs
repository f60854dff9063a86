//! Reads one action step.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{ActionStep, policy, store};
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which step.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct StepPath {
    /// The step's id.
    pub action_step_id: Uuid,
}

impl IdPath for StepPath {
    fn id(&self) -> Uuid {
        self.action_step_id
    }
}

impl Shown for ActionStep {
    const COLLECTION: &'static str = "/v1/action-steps/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadStep;

impl Action for ReadStep {
    const RULE: Rule = policy::READ;
    type Path = StepPath;
    type Subject = ActionStep;
}

/// Read an action step.
///
/// Either party's.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = []), ("machine" = [ReadStep::SCOPE])),
    responses((status = 200, description = "The step.", body = ActionStep)))]
#[get("/v1/action-steps/{action_step_id}")]
pub(super) async fn get_action_step(step: Allowed<ReadStep>) -> Answer<ActionStep> {
    Answer::ok(step.into_subject())
}

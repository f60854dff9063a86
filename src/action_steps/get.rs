//! Reads one action step.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{ActionStep, policy, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Shown};
use crate::platform::values::Timestamp;

/// Which step.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct StepPath {
    /// The step's id.
    pub action_step_id: Uuid,
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

/// Finds the step that a path names, for the operations on one.
pub(super) async fn find(
    app: &App,
    caller: &Caller,
    path: StepPath,
) -> ApiResult<Option<ActionStep>> {
    app.db
        .read(async |conn| store::find(conn, caller.firm_id, path.action_step_id).await)
        .await
}

pub struct ReadStep;

impl Action for ReadStep {
    const RULE: Rule = policy::READ;
    type Path = StepPath;
    type Subject = ActionStep;

    async fn find(app: &App, caller: &Caller, path: StepPath) -> ApiResult<Option<ActionStep>> {
        find(app, caller, path).await
    }
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

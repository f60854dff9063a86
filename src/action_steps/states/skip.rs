//! Skip an action step.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::advance::{must_live, tell};
use super::store;
use crate::action_steps::get::StepPath;
use crate::action_steps::model::{ActionStep, Verb};
use crate::action_steps::policy;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Json};

pub struct LeaveStepOut;

impl Action for LeaveStepOut {
    const RULE: Rule = policy::PREPARE;
    type Path = StepPath;
    type Subject = ActionStep;

    fn judge(_: &Caller, step: &ActionStep) -> Verdict {
        policy::may(Verb::Skip, step)
    }
}

/// Why a step is left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The client has found it herself."}))]
pub struct SkipActionStep {
    /// The reason; the other party reads it.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub reason: String,
}

/// Skip an action step.
///
/// The owner leaves out what it promised, with the reason; for what is not needed any more.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = []), ("machine" = [LeaveStepOut::SCOPE])),
    responses((status = 200, description = "The step.", body = ActionStep)))]
#[post("/v1/action-steps/{action_step_id}/skip")]
pub async fn skip_action_step(
    step: Allowed<LeaveStepOut>,
    Json(body): Json<SkipActionStep>,
    app: App,
) -> ApiResult<Answer<ActionStep>> {
    let (caller, now) = (step.caller(), app.clock.now());
    step.once(StatusCode::OK, async |tx| {
        must_live(tx, caller, &step).await?;
        let arrow = store::Arrow::of(Verb::Skip, &step, Some(&body.reason))?;
        let moved = store::advance(tx, caller, arrow, now).await?;
        tell(tx, caller, &step, Verb::Skip, moved).await
    })
    .await
}

//! Reopen an action step.

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

pub struct ReopenStep;

impl Action for ReopenStep {
    const RULE: Rule = policy::PREPARE;
    type Path = StepPath;
    type Subject = ActionStep;

    fn judge(_: &Caller, step: &ActionStep) -> Verdict {
        policy::may(Verb::Reopen, step)
    }
}

/// Why a step is opened again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The letter came back unsigned."}))]
pub struct ReopenActionStep {
    /// The reason; the other party reads it.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub reason: String,
}

/// Reopen an action step.
///
/// The owner goes on with what was done, with the reason. It is in progress again, and the first promise
/// stays.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = []), ("machine" = [ReopenStep::SCOPE])),
    responses((status = 200, description = "The step.", body = ActionStep)))]
#[post("/v1/action-steps/{action_step_id}/reopen")]
pub async fn reopen_action_step(
    step: Allowed<ReopenStep>,
    Json(body): Json<ReopenActionStep>,
    app: App,
) -> ApiResult<Answer<ActionStep>> {
    let (caller, now) = (step.caller(), app.clock.now());
    step.once(StatusCode::OK, async |tx| {
        must_live(tx, caller, &step).await?;
        let arrow = store::Arrow::of(Verb::Reopen, &step, Some(&body.reason))?;
        let moved = store::advance(tx, caller, arrow, now).await?;
        tell(tx, caller, &step, Verb::Reopen, moved).await
    })
    .await
}

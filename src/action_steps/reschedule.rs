//! Reschedule an action step.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::dates::move_or_propose;
use super::get::StepPath;
use super::model::{ActionStep, Verb};
use super::policy;
use super::states::{must_live, tell};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Date;

pub(super) struct RescheduleStep;

impl Action for RescheduleStep {
    const RULE: Rule = policy::PREPARE;
    type Path = StepPath;
    type Subject = ActionStep;

    fn judge(_: &Caller, step: &ActionStep) -> Verdict {
        policy::may(Verb::Reschedule, step)
    }
}

/// Another date for a step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"due_on": "2026-03-16", "reason": "The client is abroad until the 12th."}))]
pub struct RescheduleActionStep {
    /// The date, in the owner firm's zone.
    pub due_on: Date,
    /// Why; both parties read it.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub reason: String,
}

/// Reschedule an action step.
///
/// With a reason, which is kept beside the first promise. The owner moves it at once; for the other party it is a proposal, until the owner accepts. A step that was not answered yet is moved by the one who proposed it.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = []), ("machine" = [RescheduleStep::SCOPE])),
    responses((status = 200, description = "The step.", body = ActionStep)))]
#[post("/v1/action-steps/{action_step_id}/reschedule")]
pub(super) async fn reschedule_action_step(
    step: Allowed<RescheduleStep>,
    Json(body): Json<RescheduleActionStep>,
    app: App,
) -> ApiResult<Answer<ActionStep>> {
    let (caller, now) = (step.caller(), app.clock.now());
    step.once(StatusCode::OK, async |tx| {
        must_live(tx, caller, &step).await?;
        let to = (body.due_on, body.reason.as_str());
        let moved = move_or_propose(tx, caller, &step, to, now).await?;
        tell(tx, caller, &step, Verb::Reschedule, moved).await
    })
    .await
}

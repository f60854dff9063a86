//! Decline an action step.

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

pub struct RefuseStep;

impl Action for RefuseStep {
    const RULE: Rule = policy::COMMIT;
    type Path = StepPath;
    type Subject = ActionStep;

    fn judge(_: &Caller, step: &ActionStep) -> Verdict {
        policy::may(Verb::Decline, step)
    }
}

/// Why a step, or another date for it, is not taken on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Our season ends in April."}))]
pub struct DeclineActionStep {
    /// The reason; the other party reads it.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub reason: String,
}

/// Decline an action step.
///
/// The owner does not take on what the other party proposed: the step itself, or another date for it. Then the
/// date stays as it was, and the step's `reason` tells why.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = [])),
    responses((status = 200, description = "The step.", body = ActionStep)))]
#[post("/v1/action-steps/{action_step_id}/decline")]
pub async fn decline_action_step(
    step: Allowed<RefuseStep>,
    Json(body): Json<DeclineActionStep>,
    app: App,
) -> ApiResult<Answer<ActionStep>> {
    let (caller, now) = (step.caller(), app.clock.now());
    step.once(StatusCode::OK, async |tx| {
        must_live(tx, caller, &step).await?;
        let moved = store::decline(tx, caller, step.id, &body.reason, now).await?;
        tell(tx, caller, &step, Verb::Decline, moved).await
    })
    .await
}

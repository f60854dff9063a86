//! Cancel an action step.

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

pub struct GiveStepUp;

impl Action for GiveStepUp {
    const RULE: Rule = policy::PREPARE;
    type Path = StepPath;
    type Subject = ActionStep;

    fn judge(_: &Caller, step: &ActionStep) -> Verdict {
        policy::may(Verb::Cancel, step)
    }
}

/// Why a step is not to be done any more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The client has moved abroad."}))]
pub struct CancelActionStep {
    /// The reason; the other party reads it.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub reason: String,
}

/// Cancel an action step.
///
/// The owner gives up what it promised, with the reason. The promise counts as not kept, unless the
/// other party agrees (`agree-cancellation`). Who has laid a step on the other party takes it back by
/// this, until it is accepted.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = []), ("machine" = [GiveStepUp::SCOPE])),
    responses((status = 200, description = "The step.", body = ActionStep)))]
#[post("/v1/action-steps/{action_step_id}/cancel")]
pub async fn cancel_action_step(
    step: Allowed<GiveStepUp>,
    Json(body): Json<CancelActionStep>,
    app: App,
) -> ApiResult<Answer<ActionStep>> {
    let (caller, now) = (step.caller(), app.clock.now());
    step.once(StatusCode::OK, async |tx| {
        must_live(tx, caller, &step).await?;
        let arrow = store::Arrow::of(Verb::Cancel, &step, Some(&body.reason))?;
        let moved = store::advance(tx, caller, arrow, now).await?;
        tell(tx, caller, &step, Verb::Cancel, moved).await
    })
    .await
}

//! Begin an action step.

use actix_web::http::StatusCode;
use actix_web::post;

use super::advance::{must_live, tell};
use super::store;
use crate::action_steps::get::StepPath;
use crate::action_steps::model::{ActionStep, Verb};
use crate::action_steps::policy;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer};

pub struct BeginStep;

impl Action for BeginStep {
    const RULE: Rule = policy::PREPARE;
    type Path = StepPath;
    type Subject = ActionStep;

    fn judge(_: &Caller, step: &ActionStep) -> Verdict {
        policy::may(Verb::Begin, step)
    }
}

/// Begin an action step.
///
/// The owner says that it is at work on it.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = []), ("machine" = [BeginStep::SCOPE])),
    responses((status = 200, description = "The step.", body = ActionStep)))]
#[post("/v1/action-steps/{action_step_id}/begin")]
pub async fn begin_action_step(
    step: Allowed<BeginStep>,
    app: App,
) -> ApiResult<Answer<ActionStep>> {
    let (caller, now) = (step.caller(), app.clock.now());
    step.once(StatusCode::OK, async |tx| {
        must_live(tx, caller, &step).await?;
        let arrow = store::Arrow::of(Verb::Begin, &step, None)?;
        let moved = store::advance(tx, caller, arrow, now).await?;
        tell(tx, caller, &step, Verb::Begin, moved).await
    })
    .await
}

//! Agree to a cancellation.

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

pub struct AgreeToCancel;

impl Action for AgreeToCancel {
    const RULE: Rule = policy::COMMIT;
    type Path = StepPath;
    type Subject = ActionStep;

    fn judge(_: &Caller, step: &ActionStep) -> Verdict {
        policy::may(Verb::AgreeCancellation, step)
    }
}

/// Agree to a cancellation.
///
/// The other party agrees that the owner gave up a promise, which then does not count against it.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = [])),
    responses((status = 200, description = "The step.", body = ActionStep)))]
#[post("/v1/action-steps/{action_step_id}/agree-cancellation")]
pub async fn agree_cancellation(
    step: Allowed<AgreeToCancel>,
    app: App,
) -> ApiResult<Answer<ActionStep>> {
    let (caller, now) = (step.caller(), app.clock.now());
    step.once(StatusCode::OK, async |tx| {
        must_live(tx, caller, &step).await?;
        let moved = store::agree(tx, caller.firm_id, step.id, now).await?;
        tell(tx, caller, &step, Verb::AgreeCancellation, moved).await
    })
    .await
}

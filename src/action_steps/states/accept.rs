//! Accept an action step.

use actix_web::http::StatusCode;
use actix_web::post;

use super::advance::{must_live, tell, unmoved};
use super::store;
use crate::action_steps::get::StepPath;
use crate::action_steps::model::{ActionStep, Verb};
use crate::action_steps::policy;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer};

pub struct AcceptStep;

impl Action for AcceptStep {
    const RULE: Rule = policy::COMMIT;
    type Path = StepPath;
    type Subject = ActionStep;

    fn judge(_: &Caller, step: &ActionStep) -> Verdict {
        policy::may(Verb::Accept, step)
    }
}

/// Accept an action step.
///
/// The owner takes on what the other party proposed: the step itself, or another date for it. From then on it is a promise.
/// Send `If-Match` to take on what you read and nothing else: it may have been changed since.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = [])),
    responses((status = 200, description = "The step.", body = ActionStep)))]
#[post("/v1/action-steps/{action_step_id}/accept")]
pub async fn accept_action_step(
    step: Allowed<AcceptStep>,
    app: App,
) -> ApiResult<Answer<ActionStep>> {
    let (caller, now) = (step.caller(), app.clock.now());
    step.once(StatusCode::OK, async |tx| {
        must_live(tx, caller, &step).await?;
        // What was sent before is answered again, though the step has another version by now.
        let seen = step.unchanged_if_asked()?.then_some(step.version);
        let moved = store::accept(tx, caller, (step.id, seen), now).await?;
        if moved.is_none() && seen.is_some() {
            unmoved(tx, caller, &step).await?;
        }
        tell(tx, caller, &step, Verb::Accept, moved).await
    })
    .await
}

//! Shows something for a step.

use actix_web::http::StatusCode;
use actix_web::post;

use super::add::add;
use super::check;
use super::model::{AddEvidence, Evidence};
use crate::action_steps::ActionStep;
use crate::action_steps::get::StepPath;
use crate::action_steps::policy;
use crate::action_steps::states::must_live;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Json};

pub struct ShowEvidence;

impl Action for ShowEvidence {
    const RULE: Rule = policy::PREPARE;
    type Path = StepPath;
    type Subject = ActionStep;

    fn judge(_: &Caller, step: &ActionStep) -> Verdict {
        policy::may_show(step)
    }
}

/// Add evidence to an action step.
///
/// A note, or a link that begins with `https://`. The owner alone adds it, to a step that is promised, begun
/// or done; both parties read it, and nobody changes it any more.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = []), ("machine" = [ShowEvidence::SCOPE])),
    responses((status = 201, description = "The evidence.", body = Evidence)))]
#[post("/v1/action-steps/{action_step_id}/evidence")]
pub async fn add_evidence(
    step: Allowed<ShowEvidence>,
    Json(body): Json<AddEvidence>,
    app: App,
) -> ApiResult<Answer<Evidence>> {
    let caller = step.caller();
    step.once(StatusCode::CREATED, async |tx| {
        check(&body, "")?;
        must_live(tx, caller, &step).await?;
        add(tx, &app, caller, &step, &body).await
    })
    .await
}

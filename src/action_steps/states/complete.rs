//! Complete an action step.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::advance::{must_live, tell};
use super::store;
use crate::action_steps::evidence::{self, AddEvidence};
use crate::action_steps::get::StepPath;
use crate::action_steps::model::{ActionStep, Verb};
use crate::action_steps::policy;
use crate::firms;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Date;

pub struct FinishStep;

impl Action for FinishStep {
    const RULE: Rule = policy::PREPARE;
    type Path = StepPath;
    type Subject = ActionStep;

    fn judge(_: &Caller, step: &ActionStep) -> Verdict {
        policy::may(Verb::Complete, step)
    }
}

/// That a step is done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"done_on": "2026-03-06", "evidence": [{"kind": "note", "text": "They have read it and agree."}]}))]
pub struct CompleteActionStep {
    /// When it was done, in your firm's zone; today unless told.
    pub done_on: Option<Date>,
    /// What you show for it.
    #[schema(nullable = false, max_items = 10)]
    pub evidence: Option<Vec<AddEvidence>>,
}

/// Complete an action step.
///
/// The owner says that it is done, and when, and may show something for it.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = []), ("machine" = [FinishStep::SCOPE])),
    responses((status = 200, description = "The step.", body = ActionStep)))]
#[post("/v1/action-steps/{action_step_id}/complete")]
pub async fn complete_action_step(
    step: Allowed<FinishStep>,
    Json(body): Json<CompleteActionStep>,
    app: App,
) -> ApiResult<Answer<ActionStep>> {
    let (caller, now) = (step.caller(), app.clock.now());
    step.once(StatusCode::OK, async |tx| {
        for (place, shown) in body.evidence.iter().flatten().enumerate() {
            evidence::check(shown, &format!("/evidence/{place}"))?;
        }
        must_live(tx, caller, &step).await?;
        let today = now.date_in(&firms::zone(tx, caller.firm_id).await?);
        if body.done_on.is_some_and(|on| on > today) {
            return Err(Problem::invalid_field(
                "/done_on",
                "future",
                "It can't have been done after today.",
            )
            .into());
        }
        let done_on = body.done_on.unwrap_or(today);
        let arrow = store::Arrow::of(Verb::Complete, &step, None)?.done_on(done_on);
        let moved = store::advance(tx, caller, arrow, now).await?;
        let done = tell(tx, caller, &step, Verb::Complete, moved).await?;
        let shown = body.evidence.as_deref().unwrap_or_default();
        evidence::add_all(tx, &app, caller, &step, shown).await?;
        Ok(done)
    })
    .await
}

//! Edits an action step.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::create::unknown;
use super::get::StepPath;
use super::model::ActionStep;
use super::states::must_live;
use super::{events, policy, store};
use crate::changes;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, present, stale};
use crate::platform::values::Timestamp;

pub(super) struct EditStep;

impl Action for EditStep {
    const RULE: Rule = policy::PREPARE;
    type Path = StepPath;
    type Subject = ActionStep;

    fn judge(_: &Caller, step: &ActionStep) -> Verdict {
        policy::may_edit(step)
    }
}

/// Changes to a step (RFC 7396): what is absent stays, `null` clears. Its date is moved by `reschedule`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Send both letters", "detail": null}))]
pub struct PatchActionStep {
    /// What is to be done. Both parties read it: name no client.
    #[schema(nullable = false, min_length = 1, max_length = 200, pattern = r"\S")]
    pub title: Option<String>,
    /// More about it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 5000)]
    pub detail: Option<Option<String>>,
    /// The member of the owner's party who will do it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    pub owner_member_id: Option<Option<Uuid>>,
    /// How many business days of its owner it is expected to take.
    #[schema(nullable = false, minimum = 1, maximum = 1000)]
    pub length_days: Option<i32>,
}

/// Edit an action step.
///
/// As long as it is open, with `If-Match`: its owner, and who laid it on the owner until that is answered.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = []), ("machine" = [EditStep::SCOPE])),
    responses((status = 200, description = "The step.", body = ActionStep)))]
#[patch("/v1/action-steps/{action_step_id}")]
pub(super) async fn patch_action_step(
    step: Allowed<EditStep>,
    Json(body): Json<PatchActionStep>,
    app: App,
) -> ApiResult<Answer<ActionStep>> {
    step.unchanged()?;
    let (caller, now) = (step.caller(), app.clock.now());
    let changed = app
        .db
        .write(async |tx| {
            must_live(tx, caller, &step).await?;
            edit(tx, caller, &step, &body, now).await
        })
        .await?;
    Ok(Answer::ok(changed))
}

async fn edit(
    tx: &Tx,
    caller: &Caller,
    step: &ActionStep,
    body: &PatchActionStep,
    now: Timestamp,
) -> ApiResult<ActionStep> {
    let title = body.title.as_deref().map_or(step.title.as_str(), str::trim);
    let detail = body.detail.as_ref().unwrap_or(&step.detail);
    let edited = store::Edited {
        title,
        detail: detail.as_deref(),
        owner_member_id: body.owner_member_id.unwrap_or(step.owner_member_id),
        length_days: body.length_days.unwrap_or(step.length_days),
    };
    let referred = store::Referred {
        partnership_id: step.partnership_id,
        introduction_id: None,
        follows_id: None,
        owner_firm_id: step.owner_firm_id,
        // Somebody who has left may stay named; nobody who has left is named anew.
        owner_member_id: body.owner_member_id.flatten(),
    };
    let errors = unknown(tx, caller, &referred).await?;
    if !errors.is_empty() {
        return Err(Problem::invalid(errors).into());
    }
    let place = (step.id, step.version);
    let Some(changed) = store::edit(tx, caller.firm_id, place, &edited, now).await? else {
        let current = store::find(tx, caller.firm_id, step.id).await?;
        return unchanged_or_refused(step, current.ok_or_else(Problem::not_found)?);
    };
    changes::record(tx, events::done(caller, &changed, "updated")).await?;
    Ok(changed)
}

/// Nothing was changed: because somebody was faster, it is closed, or it is like that already.
fn unchanged_or_refused(before: &ActionStep, current: ActionStep) -> ApiResult<ActionStep> {
    if current.version != before.version {
        Err(stale(&current))
    } else if !current.state.is_open() {
        Err(Problem::state_forbids(current.state.as_str(), &policy::allowed(&current)).into())
    } else {
        Ok(current)
    }
}

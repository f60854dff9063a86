//! Moves a step together with those that wait for it.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Cascade, CascadeEffect};
use super::store;
use super::work_out::{Reached, must_move, work_out};
use crate::action_steps::{self, ActionStep, StepPath};
use crate::changes::{self, Change, Kind};
use crate::parties;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::{Date, Timestamp};
use crate::timelines::policy;

pub struct MoveTogether;

impl Action for MoveTogether {
    const RULE: Rule = policy::PREPARE;
    type Path = StepPath;
    type Subject = ActionStep;
}

/// Another date for a step, and for those that wait for it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"due_on": "2026-03-16", "reason": "The client is abroad until the 12th."}))]
pub struct CascadeActionStep {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// The date, in the owner firm's zone.
    pub due_on: Date,
    /// Why; both parties read it, beside each step that is moved: name no client.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub reason: String,
}

/// Move an action step together with those that wait for it.
///
/// Your own are moved at once, and the other party's get the date proposed; all of them or none. What nobody of yours has answered
/// yet is left, and told so. `POST /v1/cascades/{cascade_id}/undo` gives every step its date of before.
#[utoipa::path(tag = "timelines", params(StepPath), security(("person" = []), ("machine" = [MoveTogether::SCOPE])),
    responses((status = 201, description = "The cascade.", body = Cascade)))]
#[post("/v1/action-steps/{action_step_id}/cascade")]
pub async fn cascade_action_step(
    step: Allowed<MoveTogether>,
    Json(body): Json<CascadeActionStep>,
    app: App,
) -> ApiResult<Answer<Cascade>> {
    let (caller, now) = (step.caller(), app.clock.now());
    let id = body.id.unwrap_or_else(|| app.ids.id(now));
    step.once(StatusCode::CREATED, async |tx| {
        cascade(tx, caller, &step, (id, &body), now).await
    })
    .await
}

async fn cascade(
    tx: &Tx,
    caller: &Caller,
    step: &ActionStep,
    (id, body): (Uuid, &CascadeActionStep),
    now: Timestamp,
) -> ApiResult<Cascade> {
    let held = parties::hold(tx, step.partnership_id, caller.firm_id).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    action_steps::hold_timeline(tx, party.partnership_id).await?;
    let current = action_steps::find(tx, caller.firm_id, step.id).await?;
    must_move(&current.ok_or_else(Problem::not_found)?)?;
    let reached = work_out(tx, &party, (step.id, body.due_on)).await?;
    for one in &reached {
        shift(tx, caller, one, &body.reason, now).await?;
    }
    store::insert(tx, caller, (id, step), (&reached, &body.reason), now).await?;
    let made = store::find(tx, caller.firm_id, id).await?;
    let made = made.ok_or_else(Problem::not_found)?;
    let change = Change::by(caller, Kind::Cascade, id, "created", now)
        .within(party.partnership_id)
        .seen_by([party.us, party.them]);
    changes::record(tx, change).await?;
    Ok(made)
}

async fn shift(
    tx: &Tx,
    caller: &Caller,
    one: &Reached,
    reason: &str,
    now: Timestamp,
) -> ApiResult<()> {
    if one.told.effect == CascadeEffect::Left {
        return Ok(());
    }
    let to = (one.told.to_on, reason);
    let shifted = action_steps::shift(tx, caller, &one.step, to, now).await?;
    match shifted {
        Some(_) => Ok(()),
        // Somebody has answered or closed it since it was looked at: the whole is sent again.
        None => must_stand(tx, caller, &one.step).await,
    }
}

async fn must_stand(tx: &Tx, caller: &Caller, step: &ActionStep) -> ApiResult<()> {
    let current = action_steps::find(tx, caller.firm_id, step.id).await?;
    let current = current.ok_or_else(Problem::not_found)?;
    let allowed = action_steps::allowed(&current);
    let problem = Problem::state_forbids(current.state.as_str(), &allowed);
    Err(problem
        .with("action_step_id", step.id.to_string().into())
        .into())
}

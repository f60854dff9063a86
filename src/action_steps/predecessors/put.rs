//! Says what a step waits for.

use actix_web::put;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

use super::date::{Place, check};
use super::get::{Waiting, find};
use super::model::{Predecessor, StepPredecessors};
use super::store;
use crate::action_steps::get::StepPath;
use crate::action_steps::states::must_live;
use crate::action_steps::{events, policy};
use crate::changes;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, stale};
use crate::platform::values::Timestamp;

pub struct OrderStep;

impl Action for OrderStep {
    const RULE: Rule = policy::PREPARE;
    type Path = StepPath;
    type Subject = Waiting;

    fn judge(_: &Caller, waiting: &Waiting) -> Verdict {
        policy::may_edit(&waiting.step)
    }
}

/// Its entity tag is that of what it waits for.
impl Serialize for Waiting {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.shown.serialize(serializer)
    }
}

/// What a step waits for, as a whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"after": [{"action_step_id": "019b1c5e-7a00-7000-8000-0000000000a1", "lag": {"count": 1, "unit": "business_days"}}]}))]
pub struct PutPredecessors {
    /// The steps of the same partnership that are finished before it begins.
    #[schema(max_items = 20)]
    pub after: Vec<Predecessor>,
}

/// Say what an action step waits for.
///
/// As long as it is open, with `If-Match`: its owner, and who laid it on the owner until that is answered. Nothing waits in a
/// circle. Its date stays: where that is too early now, the forecast says so.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = []), ("machine" = [OrderStep::SCOPE])),
    responses((status = 200, description = "What it waits for.", body = StepPredecessors)))]
#[put("/v1/action-steps/{action_step_id}/predecessors")]
pub async fn put_predecessors(
    waiting: Allowed<OrderStep>,
    Json(body): Json<PutPredecessors>,
    app: App,
) -> ApiResult<Answer<StepPredecessors>> {
    waiting.unchanged()?;
    let (caller, now) = (waiting.caller(), app.clock.now());
    let written = app
        .db
        .write(async |tx| {
            must_live(tx, caller, &waiting.step).await?;
            replace(tx, caller, &waiting, &body.after, now).await
        })
        .await?;
    Ok(Answer::ok(written))
}

async fn replace(
    tx: &Tx,
    caller: &Caller,
    waiting: &Waiting,
    after: &[Predecessor],
    now: Timestamp,
) -> ApiResult<StepPredecessors> {
    let step = &waiting.step;
    let place = Place {
        step_id: step.id,
        partnership_id: step.partnership_id,
        owner_firm_id: step.owner_firm_id,
    };
    let errors = check(tx, &place, after).await?;
    if !errors.is_empty() {
        return Err(Problem::invalid(errors).into());
    }
    let mut wanted = after.to_vec();
    wanted.sort_unstable_by_key(|one| one.action_step_id);
    let seen = (step.id, step.version);
    let changed = match wanted == waiting.shown.after {
        true => None,
        false => store::clear(tx, caller.firm_id, seen, now).await?,
    };
    if let Some(changed) = &changed {
        store::insert(tx, step.id, &wanted).await?;
        changes::record(tx, events::done(caller, changed, "updated")).await?;
    }
    let current = current(tx, caller.firm_id, step.id).await?;
    if changed.is_some() || current.step.version == step.version && current.step.state.is_open() {
        return Ok(current.shown);
    }
    if current.step.version != step.version {
        return Err(stale(&current));
    }
    let allowed = policy::allowed(&current.step);
    Err(Problem::state_forbids(current.step.state.as_str(), &allowed).into())
}

async fn current(tx: &Tx, firm_id: Uuid, id: Uuid) -> ApiResult<Waiting> {
    let found = find(tx, firm_id, id).await?;
    found.ok_or_else(|| Problem::not_found().into())
}

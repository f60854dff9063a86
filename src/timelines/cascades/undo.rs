//! Undoes a cascade.

use actix_web::http::StatusCode;
use actix_web::post;

use super::get::CascadePath;
use super::model::{Cascade, CascadeEffect};
use super::store::{self, Kept};
use crate::action_steps::{self, StepDates};
use crate::changes::{self, Change, Kind};
use crate::parties::{self, Side};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem, STATE_FORBIDS};
use crate::platform::http::{Action, Allowed, Answer};
use crate::platform::values::Timestamp;
use crate::timelines::policy;

pub struct UndoCascade;

impl Action for UndoCascade {
    const RULE: Rule = policy::PREPARE;
    type Path = CascadePath;
    type Subject = Cascade;

    fn judge(_: &Caller, cascade: &Cascade) -> Verdict {
        match cascade.moved_by {
            Side::Us => Ok(()),
            Side::Them => Err(Problem::forbidden(
                "Only the party that moved the steps undoes it.",
            )),
        }
    }
}

/// Undo a cascade.
///
/// By the party that made it: every step gets its date of before, and what was proposed is taken back. All or
/// nothing: where a date was changed or answered since, or a step closed, the 409 names the steps.
#[utoipa::path(tag = "timelines", params(CascadePath), security(("person" = []), ("machine" = [UndoCascade::SCOPE])),
    responses((status = 200, description = "The cascade.", body = Cascade)))]
#[post("/v1/cascades/{cascade_id}/undo")]
pub async fn undo_cascade(cascade: Allowed<UndoCascade>, app: App) -> ApiResult<Answer<Cascade>> {
    let (caller, now) = (cascade.caller(), app.clock.now());
    cascade
        .once(StatusCode::OK, async |tx| {
            undo(tx, caller, &cascade, now).await
        })
        .await
}

async fn undo(tx: &Tx, caller: &Caller, cascade: &Cascade, now: Timestamp) -> ApiResult<Cascade> {
    let held = parties::hold(tx, cascade.partnership_id, caller.firm_id).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    action_steps::hold_timeline(tx, party.partnership_id).await?;
    if !store::mark_undone(tx, caller, cascade.id, now).await? {
        return Err(Problem::state_forbids("undone", &[]).into());
    }
    let reason = format!("Undone: {}", cascade.reason);
    let mut others = Vec::new();
    for kept in store::list_kept(tx, cascade.id).await? {
        let (seen, before) = dates(&kept, &cascade.reason);
        let back = (&before, reason.as_str());
        let restored = action_steps::restore(tx, caller, (kept.step_id, &seen), back, now).await?;
        if restored.is_none() {
            others.push(kept.step_id.to_string());
        }
    }
    if !others.is_empty() {
        let detail = "Steps of it were moved, answered or closed since.";
        let problem = Problem::new(&STATE_FORBIDS, detail)
            .with("state", "overtaken".into())
            .with("allowed", Vec::<String>::new().into())
            .with("action_step_ids", others.into());
        return Err(problem.into());
    }
    let undone = store::find(tx, caller.firm_id, cascade.id).await?;
    let undone = undone.ok_or_else(Problem::not_found)?;
    let change = Change::by(caller, Kind::Cascade, cascade.id, "undo", now)
        .version(undone.version)
        .within(party.partnership_id)
        .seen_by([party.us, party.them]);
    changes::record(tx, change).await?;
    Ok(undone)
}

/// The dates that the cascade left a step with, and those that it had before.
fn dates(kept: &Kept, reason: &str) -> (StepDates, StepDates) {
    let before = StepDates {
        due_on: kept.from_on,
        proposed: kept.proposed_before_on.zip(Some(
            kept.proposed_before_reason.clone().unwrap_or_default(),
        )),
    };
    let seen = match kept.effect {
        CascadeEffect::Proposed => StepDates {
            due_on: kept.from_on,
            proposed: Some((kept.to_on, reason.to_owned())),
        },
        _ => StepDates {
            due_on: kept.to_on,
            proposed: None,
        },
    };
    (seen, before)
}

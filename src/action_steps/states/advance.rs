//! What the operations that move a step share: a living partnership, the change, and the refusal.

use crate::action_steps::model::{ActionStep, Verb};
use crate::action_steps::{events, policy, store};
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Error, Problem};
use crate::platform::http::stale;
use crate::{changes, parties};

/// Asks that the step's partnership lives.
pub async fn must_live(tx: &Tx, caller: &Caller, step: &ActionStep) -> ApiResult<()> {
    let held = parties::hold(tx, step.partnership_id, caller.firm_id).await?;
    held.map(|_| ()).ok_or_else(|| Problem::not_found().into())
}

/// Tells both parties what was done; 409 with what is allowed now where nothing was.
pub async fn tell(
    tx: &Tx,
    caller: &Caller,
    before: &ActionStep,
    verb: Verb,
    moved: Option<ActionStep>,
) -> ApiResult<ActionStep> {
    match moved {
        Some(moved) => {
            changes::record(tx, events::done(caller, &moved, verb.word())).await?;
            Ok(moved)
        }
        None => Err(refusal(tx, caller, before).await?),
    }
}

/// 412 when a step was changed since it was looked at.
pub async fn unmoved(tx: &Tx, caller: &Caller, before: &ActionStep) -> ApiResult<()> {
    let current = store::find(tx, caller.firm_id, before.id).await?;
    let current = current.ok_or_else(Problem::not_found)?;
    if current.version == before.version {
        Ok(())
    } else {
        Err(stale(&current))
    }
}

async fn refusal(tx: &Tx, caller: &Caller, before: &ActionStep) -> ApiResult<Error> {
    let current = store::find(tx, caller.firm_id, before.id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(Problem::state_forbids(current.state.as_str(), &policy::allowed(&current)).into())
}

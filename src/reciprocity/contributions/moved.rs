//! Moves a contribution along an arrow.

use super::model::{Contribution, Verb};
use super::store;
use crate::changes;
use crate::parties;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::values::Timestamp;
use crate::reciprocity::policy;

/// Carries a verb out in a partnership that lives, and tells both; 409 where the arrow does not lead from
/// where it stands.
pub async fn advance(
    tx: &Tx,
    caller: &Caller,
    before: &Contribution,
    (verb, reason): (Verb, Option<&str>),
    now: Timestamp,
) -> ApiResult<Contribution> {
    let party = parties::hold(tx, before.partnership_id, caller.firm_id).await?;
    party.ok_or_else(Problem::not_found)?;
    let moved = store::advance(tx, caller, before.id, (verb, reason), now).await?;
    let Some(moved) = moved else {
        let current = store::find(tx, caller.firm_id, before.id).await?;
        let current = current.ok_or_else(Problem::not_found)?;
        let allowed = policy::allowed(&current);
        return Err(Problem::state_forbids(current.state.as_str(), &allowed).into());
    };
    changes::record(tx, moved.done(caller, verb.word(), now)).await?;
    Ok(moved)
}

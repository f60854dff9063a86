//! What follows when a verb was carried out on a meeting, or was not.

use crate::changes;
use crate::meetings::model::{Meeting, Verb};
use crate::meetings::{events, items, store};
use crate::parties::{self, Party};
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::values::Timestamp;

/// The party of a meeting whose partnership lives, and goes on to until the transaction ends.
pub async fn must_live(tx: &Tx, caller: &Caller, meeting: &Meeting) -> ApiResult<Party> {
    let party = parties::hold(tx, meeting.partnership_id, caller.firm_id).await?;
    Ok(party.ok_or_else(Problem::not_found)?)
}

/// Tells both of what was done to a meeting; 409 where nothing was, since it is not planned. What was still open on the
/// agenda of one that is over goes to the next.
pub async fn tell(
    tx: &Tx,
    caller: &Caller,
    before: &Meeting,
    (verb, changed): (Verb, Option<Meeting>),
    now: Timestamp,
) -> ApiResult<Meeting> {
    let Some(changed) = changed else {
        let current = store::find(tx, caller.firm_id, before.id).await?;
        let current = current.ok_or_else(Problem::not_found)?;
        let allowed = Verb::allowed(current.state);
        return Err(Problem::state_forbids(current.state.as_str(), &allowed).into());
    };
    let actor = Some(caller.actor_id());
    if verb != Verb::Move {
        items::carry_over(tx, (caller.firm_id, actor), &changed, now).await?;
    }
    let change = events::done(&changed, caller.firm_id, actor, verb.word(), now);
    changes::record(tx, change).await?;
    Ok(changed)
}

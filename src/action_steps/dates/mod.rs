//! Changes the dates of steps on behalf of what moves several at once.

mod store;

use super::model::{ActionStep, StepState, Verb};
use super::{events, store as steps};
use crate::changes;
use crate::parties::Side;
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Timestamp};
use uuid::Uuid;

/// What a party can do about the date of a step, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Move it: its own promise, or what it has laid on the other and that was not answered.
    Move,
    /// Propose a date to its owner.
    Propose,
    /// Nothing: it was laid on this party, which has not answered.
    None,
}

/// What the caller's party can do about the date of an open step.
pub const fn reach(step: &ActionStep) -> Reach {
    match (step.owner, step.proposed_by, step.state) {
        (Side::Them, _, StepState::Planned | StepState::InProgress) => Reach::Propose,
        (Side::Us, Side::Them, StepState::Proposed) => Reach::None,
        _ => Reach::Move,
    }
}

/// A step as a firm sees it.
pub async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<ActionStep>> {
    steps::find(conn, firm_id, id).await
}

/// These steps, as a firm sees them.
pub async fn find_all(conn: &Conn, firm_id: Uuid, ids: Vec<Uuid>) -> ApiResult<Vec<ActionStep>> {
    steps::find_all(conn, firm_id, ids).await
}

/// Moves a step, or proposes the date to its owner, as far as the party's reach goes; tells both. `None` where the step
/// stands otherwise by now.
pub async fn shift(
    tx: &Tx,
    caller: &Caller,
    step: &ActionStep,
    to: (Date, &str),
    now: Timestamp,
) -> ApiResult<Option<ActionStep>> {
    let shifted = move_or_propose(tx, caller, step, to, now).await?;
    if let Some(shifted) = &shifted {
        let action = Verb::Reschedule.word();
        changes::record(tx, events::done(caller, shifted, action)).await?;
    }
    Ok(shifted)
}

/// The same without telling anybody.
pub(super) async fn move_or_propose(
    tx: &Tx,
    caller: &Caller,
    step: &ActionStep,
    to: (Date, &str),
    now: Timestamp,
) -> ApiResult<Option<ActionStep>> {
    match reach(step) {
        Reach::Propose => steps::propose_date(tx, caller.firm_id, step.id, to, now).await,
        Reach::Move => steps::reschedule(tx, caller, step.id, to, now).await,
        Reach::None => Ok(None),
    }
}

/// The dates of a step: its own, and the one that was proposed with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepDates {
    /// When it is due.
    pub due_on: Date,
    /// What was proposed.
    pub proposed: Option<(Date, String)>,
}

impl StepDates {
    /// As they stand.
    pub fn of(step: &ActionStep) -> Self {
        let reason = step.proposed_due_reason.clone().unwrap_or_default();
        Self {
            due_on: step.due_on,
            proposed: step.proposed_due_on.map(|on| (on, reason)),
        }
    }
}

/// Gives an open step the dates that it had, as long as it has those that were seen; tells both parties. `None`
/// where it has others by now, or is closed.
pub async fn restore(
    tx: &Tx,
    caller: &Caller,
    (id, seen): (Uuid, &StepDates),
    (before, reason): (&StepDates, &str),
    now: Timestamp,
) -> ApiResult<Option<ActionStep>> {
    let restored = store::restore(tx, caller, (id, seen), (before, reason), now).await?;
    if let Some(restored) = &restored {
        let action = Verb::Reschedule.word();
        changes::record(tx, events::done(caller, restored, action)).await?;
    }
    Ok(restored)
}

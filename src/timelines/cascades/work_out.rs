//! Works out what moving a step moves.

use uuid::Uuid;

use super::model::{CascadeEffect, CascadeMove};
use crate::action_steps::{self, ActionStep, Reach};
use crate::parties::Party;
use crate::platform::db::Conn;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::values::Date;
use crate::timelines::store::network;

/// A step that a cascade reaches, as it stands, and what becomes of it.
pub struct Reached {
    /// The step.
    pub step: ActionStep,
    /// What becomes of it.
    pub told: CascadeMove,
}

/// What moving a step to a date moves, each after what moves it.
pub async fn work_out(
    conn: &Conn,
    party: &Party,
    (id, to_on): (Uuid, Date),
) -> ApiResult<Vec<Reached>> {
    let changes = network(conn, party).await?.cascade(id, to_on);
    let ids = changes.iter().map(|(id, ..)| *id).collect();
    let mut steps = action_steps::find_all(conn, party.us, ids).await?;
    let reached = changes.into_iter().filter_map(|(id, from_on, to_on)| {
        let at = steps.iter().position(|step| step.id == id)?;
        let step = steps.swap_remove(at);
        let told = CascadeMove {
            action_step_id: id,
            owner: step.owner,
            from_on,
            to_on,
            effect: effect(&step),
        };
        Some(Reached { step, told })
    });
    Ok(reached.collect())
}

const fn effect(step: &ActionStep) -> CascadeEffect {
    match action_steps::reach(step) {
        Reach::Move => CascadeEffect::Moved,
        Reach::Propose => CascadeEffect::Proposed,
        Reach::None => CascadeEffect::Left,
    }
}

/// Refuses to move a step that is closed, or that the party can do nothing about yet.
pub fn must_move(step: &ActionStep) -> ApiResult<()> {
    let can = step.state.is_open() && action_steps::reach(step) != Reach::None;
    if can {
        return Ok(());
    }
    let allowed = action_steps::allowed(step);
    Err(Problem::state_forbids(step.state.as_str(), &allowed).into())
}

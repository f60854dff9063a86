//! Who may do what to an action step.

use super::model::{ActionStep, Owner, Verb};
use crate::platform::auth::{Duty, Rule, Scope, Verdict};
use crate::platform::error::Problem;

/// See steps and timelines.
pub const READ: Rule = Rule::new(Duty::Read, Scope::ActionStepsRead);
/// Write steps down, move and finish them.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::ActionStepsWrite);
/// Take a step on: a promise binds the firm, so it is for people alone.
pub const COMMIT: Rule = Rule::people(Duty::Commit);

/// Whether the party on this side may.
pub fn may(verb: Verb, step: &ActionStep) -> Verdict {
    match (verb, step.owner) {
        (Verb::Reschedule, _) | (_, Owner::Us) => Ok(()),
        (Verb::Accept | Verb::Decline, Owner::Them) => Err(Problem::forbidden(
            "Only the step's owner answers what was proposed.",
        )),
        (Verb::Complete, Owner::Them) => Err(Problem::forbidden(
            "Only the step's owner says that it is done.",
        )),
    }
}

//! Who may do what to an action step.

use super::model::{ActionStep, Owner, StepState, Verb};
use crate::platform::auth::{Duty, Rule, Scope, Verdict};
use crate::platform::error::Problem;

/// See steps and timelines.
pub const READ: Rule = Rule::new(Duty::Read, Scope::ActionStepsRead);
/// Write steps down, move and finish them.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::ActionStepsWrite);
/// Take a step on: a promise binds the firm, so it is for people alone.
pub const COMMIT: Rule = Rule::people(Duty::Commit);

/// Whether the party on this side may.
pub fn may(verb: Verb, owner: Owner) -> Verdict {
    match (verb, owner) {
        (Verb::Reschedule, _) | (_, Owner::Us) => Ok(()),
        (Verb::Accept | Verb::Decline, Owner::Them) => Err(Problem::forbidden(
            "Only the step's owner answers what was proposed.",
        )),
        (Verb::Complete, Owner::Them) => Err(Problem::forbidden(
            "Only the step's owner says that it is done.",
        )),
    }
}

/// What the caller's side can do where a step stands, for those who tried something else.
pub fn allowed(step: &ActionStep) -> Vec<&'static str> {
    let date_proposed = step.proposed_due_on.is_some();
    let possible = |verb: &&Verb| verb.is_possible(step.state, date_proposed);
    let may = |verb: &&Verb| may(**verb, step.owner).is_ok();
    // A step that was not answered is moved by the one who proposed it.
    let answers = step.state == StepState::Proposed && step.proposed_by == Owner::Them;
    let possible = |verb: &&Verb| possible(verb) && !(answers && **verb == Verb::Reschedule);
    Verb::ALL
        .iter()
        .filter(possible)
        .filter(may)
        .map(|verb| verb.word())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Copied by hand from "Action step" of the product's description.
    #[test]
    fn the_owner_answers_and_finishes_and_either_asks_for_another_date() {
        let table = [
            //                  owner other
            (Verb::Accept, [true, false]),
            (Verb::Decline, [true, false]),
            (Verb::Complete, [true, false]),
            (Verb::Reschedule, [true, true]),
        ];
        for (verb, expected) in table {
            let owners = [Owner::Us, Owner::Them];
            assert_eq!(
                owners.map(|owner| may(verb, owner).is_ok()),
                expected,
                "{verb:?}"
            );
        }
    }
}

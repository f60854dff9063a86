//! Who may do what to an action step.

use super::model::{ActionStep, StepState, Verb};
use crate::parties::Side;
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
    between(verb, step.owner, step.proposed_by)
}

fn between(verb: Verb, owner: Side, proposed_by: Side) -> Verdict {
    match (verb, owner) {
        (Verb::Cancel, Side::Them) => may_take_back(proposed_by),
        _ => by_side(verb, owner),
    }
}

/// Who is not the owner cancels what it has itself laid on the owner, and nothing else.
fn may_take_back(proposed_by: Side) -> Verdict {
    match proposed_by {
        Side::Us => Ok(()),
        Side::Them => Err(Problem::forbidden("Only the step's owner cancels it.")),
    }
}

fn by_side(verb: Verb, owner: Side) -> Verdict {
    match (verb, owner) {
        (Verb::AgreeCancellation, Side::Us) => Err(Problem::forbidden(
            "The other party agrees to a cancellation.",
        )),
        (Verb::Reschedule, _) | (Verb::AgreeCancellation, Side::Them) | (_, Side::Us) => Ok(()),
        (Verb::Accept | Verb::Decline, Side::Them) => Err(Problem::forbidden(
            "Only the step's owner answers what was proposed.",
        )),
        (Verb::Begin | Verb::Complete | Verb::Skip | Verb::Cancel | Verb::Reopen, Side::Them) => {
            Err(Problem::forbidden(
                "Only the step's owner says what becomes of it.",
            ))
        }
    }
}

/// Whether the party may write what the step is: its owner, and who laid it on the owner until that is
/// answered.
pub fn may_edit(step: &ActionStep) -> Verdict {
    match (step.owner, step.proposed_by, step.state) {
        (Side::Us, _, _) | (Side::Them, Side::Us, StepState::Proposed) => Ok(()),
        _ => Err(Problem::forbidden(
            "Only the step's owner edits it; a proposed one also who proposed it.",
        )),
    }
}

/// Whether the party may show something for the step.
pub fn may_show(step: &ActionStep) -> Verdict {
    match step.owner {
        Side::Us => Ok(()),
        Side::Them => Err(Problem::forbidden(
            "Only the step's owner shows something for it.",
        )),
    }
}

/// What the caller's side can do where a step stands, for those who tried something else.
pub fn allowed(step: &ActionStep) -> Vec<&'static str> {
    Verb::ALL
        .iter()
        .filter(|verb| verb.is_possible(step) && may(**verb, step).is_ok())
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
            (Verb::Begin, [true, false]),
            (Verb::Complete, [true, false]),
            (Verb::Reschedule, [true, true]),
            (Verb::Skip, [true, false]),
            (Verb::Cancel, [true, false]),
            (Verb::AgreeCancellation, [false, true]),
            (Verb::Reopen, [true, false]),
        ];
        assert_eq!(table.len(), Verb::ALL.len());
        for (verb, expected) in table {
            let owners = [Side::Us, Side::Them];
            assert_eq!(
                owners.map(|owner| between(verb, owner, Side::Them).is_ok()),
                expected,
                "{verb:?}"
            );
            // Who laid it on the owner can take it back, and nothing more.
            let may_take_back = verb == Verb::Cancel;
            assert_eq!(
                owners.map(|owner| between(verb, owner, Side::Us).is_ok()),
                [expected[0], expected[1] || may_take_back],
                "{verb:?}"
            );
        }
    }
}

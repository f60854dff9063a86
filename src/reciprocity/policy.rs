//! Who may read the ledger, and who may write down what else was given.

use super::contributions::{Contribution, Verb};
use crate::introductions::Direction;
use crate::platform::auth::{Duty, Rule, Scope, Verdict};
use crate::platform::error::Problem;

/// See reports.
pub const READ: Rule = Rule::new(Duty::Read, Scope::ReportsRead);
/// See contributions.
pub const READ_CONTRIBUTIONS: Rule = Rule::new(Duty::Read, Scope::PartnershipsRead);
/// Record what the own party gave, and take it back.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::PartnershipsWrite);
/// Say that the other party gave it: for people alone.
pub const COMMIT: Rule = Rule::people(Duty::Commit);

/// Whether the party on this side may.
pub fn may(verb: Verb, side: Direction) -> Verdict {
    match (verb, side) {
        (Verb::Withdraw, Direction::Given)
        | (Verb::Confirm | Verb::Decline, Direction::Received) => Ok(()),
        (Verb::Withdraw, Direction::Received) => Err(Problem::forbidden(
            "Only the party that recorded it takes it back.",
        )),
        (Verb::Confirm | Verb::Decline, Direction::Given) => Err(Problem::forbidden(
            "Only the party that it was given to answers.",
        )),
    }
}

/// What the caller's side can do where a contribution stands, for those who tried something else.
pub fn allowed(contribution: &Contribution) -> Vec<&'static str> {
    let leads = |verb: &&Verb| verb.arrow().0 == contribution.state;
    let may = |verb: &&Verb| may(**verb, contribution.direction).is_ok();
    Verb::ALL
        .iter()
        .filter(leads)
        .filter(may)
        .map(|verb| verb.word())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gave_takes_back_and_who_received_answers() {
        let table = [
            //                giver  receiver
            (Verb::Confirm, [false, true]),
            (Verb::Decline, [false, true]),
            (Verb::Withdraw, [true, false]),
        ];
        for (verb, expected) in table {
            let sides = [Direction::Given, Direction::Received];
            assert_eq!(
                sides.map(|side| may(verb, side).is_ok()),
                expected,
                "{verb:?}"
            );
        }
    }
}

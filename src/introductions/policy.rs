//! Who may do what to an introduction.

use super::model::{Direction, Introduction, ReportedStage, Verb};
use crate::platform::auth::{Duty, Rule, Scope, Verdict};
use crate::platform::error::Problem;

/// See introductions.
pub const READ: Rule = Rule::new(Duty::Read, Scope::IntroductionsRead);
/// Prepare drafts.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::IntroductionsWrite);
/// Offer, answer, move and withdraw.
pub const COMMIT: Rule = Rule::new(Duty::Commit, Scope::IntroductionsWrite);

/// Whether the party on this side may.
pub fn may(verb: Verb, side: Direction) -> Verdict {
    match (verb, side) {
        (Verb::Offer | Verb::Withdraw, Direction::Given)
        | (Verb::Accept | Verb::Decline, Direction::Received)
        | (Verb::Record(ReportedStage::Introduced), _)
        | (Verb::Record(_), Direction::Received) => Ok(()),
        (Verb::Offer | Verb::Withdraw, Direction::Received) => Err(Problem::forbidden(
            "Only the introducer offers an introduction and takes it back.",
        )),
        (Verb::Accept | Verb::Decline, Direction::Given) => {
            Err(Problem::forbidden("Only the receiver answers an offer."))
        }
        (Verb::Record(_), Direction::Given) => Err(Problem::forbidden(
            "The receiver reports what follows the introduction.",
        )),
    }
}

/// Whether the party on this side may write what it is about: summary and expected value.
pub fn may_edit(side: Direction) -> Verdict {
    match side {
        Direction::Given => Ok(()),
        Direction::Received => Err(Problem::forbidden(
            "Only the introducer edits an introduction.",
        )),
    }
}

/// Whether the party on this side tells what became of the client.
pub fn may_tell_outcome(side: Direction) -> Verdict {
    match side {
        Direction::Received => Ok(()),
        Direction::Given => Err(Problem::forbidden(
            "The receiver tells what became of the client.",
        )),
    }
}

/// What the caller's side can do where an introduction stands, for those who tried something else.
pub fn allowed(introduction: &Introduction) -> Vec<&'static str> {
    let leads = |verb: &&Verb| verb.arrow().0.contains(&introduction.stage);
    let may = |verb: &&Verb| may(**verb, introduction.direction).is_ok();
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

    /// Copied by hand from "Client and introduction" of the product's description.
    #[test]
    fn each_side_may_what_is_its_own_and_nothing_else() {
        let table = [
            //                                             introducer receiver
            (Verb::Offer, [true, false]),
            (Verb::Withdraw, [true, false]),
            (Verb::Accept, [false, true]),
            (Verb::Decline, [false, true]),
            (Verb::Record(ReportedStage::Introduced), [true, true]),
            (Verb::Record(ReportedStage::MeetingSet), [false, true]),
            (Verb::Record(ReportedStage::Met), [false, true]),
            (Verb::Record(ReportedStage::Engaged), [false, true]),
            (Verb::Record(ReportedStage::NotEngaged), [false, true]),
        ];
        for (verb, expected) in table {
            let sides = [Direction::Given, Direction::Received];
            assert_eq!(
                sides.map(|side| may(verb, side).is_ok()),
                expected,
                "{verb:?}"
            );
        }
        assert!(may_edit(Direction::Given).is_ok());
        assert!(may_edit(Direction::Received).is_err());
        assert!(may_tell_outcome(Direction::Received).is_ok());
        assert!(may_tell_outcome(Direction::Given).is_err());
    }
}

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
pub fn may(verb: Verb, introduction: &Introduction) -> Verdict {
    match (verb, introduction.direction) {
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
pub fn may_edit(introduction: &Introduction) -> Verdict {
    match introduction.direction {
        Direction::Given => Ok(()),
        Direction::Received => Err(Problem::forbidden(
            "Only the introducer edits an introduction.",
        )),
    }
}

//! Who may do what to a partnership.

use super::model::{Partnership, PartnershipSide, Verb};
use crate::platform::auth::{Duty, Rule, Scope, Verdict};
use crate::platform::error::Problem;

/// See partnerships.
pub const READ: Rule = Rule::new(Duty::Read, Scope::PartnershipsRead);
/// Bind the firm: for people alone.
pub const COMMIT: Rule = Rule::people(Duty::Commit);

/// Whether the party on this side may.
pub fn may(verb: Verb, side: PartnershipSide) -> Verdict {
    match (verb, side) {
        (Verb::Accept | Verb::Decline, PartnershipSide::Recipient)
        | (Verb::Withdraw, PartnershipSide::Proposer)
        | (Verb::Activate | Verb::End, _) => Ok(()),
        (Verb::Accept | Verb::Decline, PartnershipSide::Proposer) => Err(Problem::forbidden(
            "Only the firm that it was proposed to answers.",
        )),
        (Verb::Withdraw, PartnershipSide::Recipient) => Err(Problem::forbidden(
            "Only the firm that proposed it takes it back.",
        )),
    }
}

/// What the caller's side can do where a partnership stands, for those who tried something else.
pub fn allowed(partnership: &Partnership) -> Vec<&'static str> {
    let leads = |verb: &&Verb| verb.arrow().0.contains(&partnership.state);
    let may = |verb: &&Verb| may(**verb, partnership.side).is_ok();
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

    /// Copied by hand from "Partnership" of the product's description.
    #[test]
    fn each_side_may_what_is_its_own_and_nothing_else() {
        let table = [
            //               proposer recipient
            (Verb::Accept, [false, true]),
            (Verb::Decline, [false, true]),
            (Verb::Withdraw, [true, false]),
            (Verb::Activate, [true, true]),
            (Verb::End, [true, true]),
        ];
        for (verb, expected) in table {
            let sides = [PartnershipSide::Proposer, PartnershipSide::Recipient];
            assert_eq!(
                sides.map(|side| may(verb, side).is_ok()),
                expected,
                "{verb:?}"
            );
        }
    }
}

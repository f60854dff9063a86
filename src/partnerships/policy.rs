//! Who may do what to a partnership.

use super::model::{Partnership, PartnershipSide, Verb};
use crate::parties::PartnershipState;
use crate::platform::auth::{Caller, Duty, Role, Rule, Scope, Verdict, Who};
use crate::platform::error::Problem;

/// See partnerships.
pub const READ: Rule = Rule::new(Duty::Read, Scope::PartnershipsRead);
/// Write what the own party notes for itself.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::PartnershipsWrite);
/// Bind the firm: for people alone.
pub const COMMIT: Rule = Rule::people(Duty::Commit);

/// Whether the party on this side may.
pub fn may(verb: Verb, side: PartnershipSide) -> Verdict {
    match (verb, side) {
        (Verb::Accept | Verb::Decline, PartnershipSide::Recipient)
        | (Verb::Withdraw, PartnershipSide::Proposer)
        | (Verb::Activate | Verb::Pause | Verb::Resume | Verb::End, _) => Ok(()),
        (Verb::Accept | Verb::Decline, PartnershipSide::Proposer) => Err(Problem::forbidden(
            "Only the firm that it was proposed to answers.",
        )),
        (Verb::Withdraw, PartnershipSide::Recipient) => Err(Problem::forbidden(
            "Only the firm that proposed it takes it back.",
        )),
    }
}

/// Whether this caller may hand its party over to another lead: an admin anybody's, a lead its own.
pub fn may_hand_over(caller: &Caller, partnership: &Partnership) -> Verdict {
    match caller.who {
        Who::Member {
            role: Role::Admin, ..
        } => Ok(()),
        Who::Member { member_id, .. } if member_id == partnership.us.lead_id => Ok(()),
        _ => Err(Problem::forbidden(
            "Only the lead hands over what is its own; an admin hands over anybody's.",
        )),
    }
}

/// Whether a party has a lead to hand over where a partnership stands. A recipient that has not
/// answered hands nothing over: the proposer would see by it that the address has an account.
pub fn can_hand_over(state: PartnershipState, side: PartnershipSide) -> bool {
    match state {
        PartnershipState::Proposed => side == PartnershipSide::Proposer,
        PartnershipState::Exploring | PartnershipState::Active | PartnershipState::Paused => true,
        PartnershipState::Declined
        | PartnershipState::Withdrawn
        | PartnershipState::Expired
        | PartnershipState::Ended => false,
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
            (Verb::Pause, [true, true]),
            (Verb::Resume, [true, true]),
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

    /// Copied by hand from "Partnership" of the product's description: whoever leads can be followed,
    /// as long as there is something to lead.
    #[test]
    fn a_lead_is_followed_while_the_partnership_is_open() {
        let table = [
            //                               proposer recipient
            (PartnershipState::Proposed, [true, false]),
            (PartnershipState::Exploring, [true, true]),
            (PartnershipState::Active, [true, true]),
            (PartnershipState::Paused, [true, true]),
            (PartnershipState::Declined, [false, false]),
            (PartnershipState::Withdrawn, [false, false]),
            (PartnershipState::Expired, [false, false]),
            (PartnershipState::Ended, [false, false]),
        ];
        for (state, expected) in table {
            let sides = [PartnershipSide::Proposer, PartnershipSide::Recipient];
            assert_eq!(
                sides.map(|side| can_hand_over(state, side)),
                expected,
                "{state}"
            );
        }
    }
}

//! Who may do what to a partnership.

use super::model::{Partnership, PartnershipSide, Verb};
use crate::platform::auth::{Duty, Rule, Scope, Verdict};
use crate::platform::error::Problem;

/// See partnerships.
pub const READ: Rule = Rule::new(Duty::Read, Scope::PartnershipsRead);
/// Bind the firm: for people alone.
pub const COMMIT: Rule = Rule::people(Duty::Commit);

/// Whether the party on this side may.
pub fn may(verb: Verb, partnership: &Partnership) -> Verdict {
    match (verb, partnership.side) {
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

//! Who may do what to a plan.

use super::model::{PlanVersion, Verb, VersionState};
use crate::parties::Side;
use crate::platform::auth::{Duty, Rule, Scope, Verdict};
use crate::platform::error::Problem;

/// See plans.
pub const READ: Rule = Rule::new(Duty::Read, Scope::PlanRead);
/// Draft sections.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::PlanWrite);
/// Propose, agree, waive, decide: for people alone.
pub const COMMIT: Rule = Rule::people(Duty::Commit);

/// Whether your firm may, where the version is of this party.
pub fn may(verb: Verb, party: Side) -> Verdict {
    match (verb, party) {
        (Verb::Propose | Verb::Withdraw, Side::Us) | (Verb::Agree | Verb::Counter, Side::Them) => {
            Ok(())
        }
        (Verb::Propose, Side::Them) | (Verb::Withdraw, Side::Them) => Err(Problem::forbidden(
            "Only the party whose version it is does that.",
        )),
        (Verb::Agree | Verb::Counter, Side::Us) => Err(Problem::forbidden(
            "Your party stands behind it already; the other one answers.",
        )),
    }
}

/// What your firm can do where a version stands, for those who tried something else.
pub fn allowed(version: &PlanVersion) -> Vec<&'static str> {
    let verbs = Verb::ALL
        .iter()
        .filter(|verb| verb.arrow().0 == version.state && may(**verb, version.party).is_ok());
    verbs.map(|verb| verb.word()).collect()
}

/// Refuses to edit what is no draft any more.
pub fn must_be_draft(version: &PlanVersion) -> Verdict {
    if version.state == VersionState::Draft {
        Ok(())
    } else {
        Err(Problem::state_forbids(
            version.state.as_str(),
            &allowed(version),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Copied by hand from "Plan" of the product's description.
    #[test]
    fn each_party_may_what_is_its_own_and_nothing_else() {
        let table = [
            //               ours   theirs
            (Verb::Propose, [true, false]),
            (Verb::Agree, [false, true]),
            (Verb::Counter, [false, true]),
            (Verb::Withdraw, [true, false]),
        ];
        for (verb, expected) in table {
            let parties = [Side::Us, Side::Them];
            assert_eq!(
                parties.map(|party| may(verb, party).is_ok()),
                expected,
                "{verb:?}"
            );
        }
    }
}

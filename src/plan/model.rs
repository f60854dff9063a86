//! What a version of a section is, and which steps lead where.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::sections::{Missing, PlanSection, SectionBody};
use crate::parties::Side;
use crate::platform::values::Timestamp;
use crate::words;

words! {
    /// Where a version stands.
    pub enum VersionState {
        /// Being written; the other party does not see it.
        Draft = "draft",
        /// Proposed; the other party has not answered.
        Proposed = "proposed",
        /// Both stand behind it. It never changes again.
        Agreed = "agreed",
        /// The other party has proposed another in its place.
        Countered = "countered",
        /// The party that proposed it took it back.
        Withdrawn = "withdrawn",
    }
}

/// Something that is done to a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// The party that drafted it proposes it.
    Propose,
    /// The other party stands behind it too.
    Agree,
    /// The other party proposes another in its place.
    Counter,
    /// The party that proposed it takes it back.
    Withdraw,
}

impl Verb {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Propose, Self::Agree, Self::Counter, Self::Withdraw];

    /// Its word in addresses and in the change feed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Propose => "propose",
            Self::Agree => "agree",
            Self::Counter => "counter",
            Self::Withdraw => "withdraw",
        }
    }

    /// The state from which it leads anywhere, and where to.
    pub const fn arrow(self) -> (VersionState, VersionState) {
        use VersionState as S;
        match self {
            Self::Propose => (S::Draft, S::Proposed),
            Self::Agree => (S::Proposed, S::Agreed),
            Self::Counter => (S::Proposed, S::Countered),
            Self::Withdraw => (S::Proposed, S::Withdrawn),
        }
    }
}

/// A version of a section of a plan, as one of the parties sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanVersion {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The section.
    pub section: PlanSection,
    /// Counts the proposals of the section; `null` for a draft.
    pub number: Option<i32>,
    /// Where it stands.
    pub state: VersionState,
    /// Whether it is what the two work by: the newest that both agreed to.
    pub in_force: bool,
    /// The party whose version it is.
    pub party: Side,
    /// What it says. `us` is your party, whoever wrote it.
    pub body: SectionBody,
    /// What agreement still waits for.
    pub missing: Vec<Missing>,
    /// The proposal that this was made in the place of.
    pub counters_id: Option<Uuid>,
    /// Why it was taken back.
    pub reason: Option<String>,
    /// The member or API client that drafted it; your party's alone.
    pub written_by: Option<Uuid>,
    /// The member who proposed it.
    pub proposed_by: Option<Uuid>,
    /// When it was proposed.
    pub proposed_at: Option<Timestamp>,
    /// The member who agreed to it, countered it, or took it back.
    pub answered_by: Option<Uuid>,
    /// When it was agreed, countered or taken back.
    pub closed_at: Option<Timestamp>,
    /// When it was drafted; for the other party, when it was proposed.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The arrows, copied by hand; what is not here is no arrow.
    #[test]
    fn the_arrows_are_these_and_no_others() {
        use VersionState as S;
        let table = [
            (S::Draft, Verb::Propose, S::Proposed),
            (S::Proposed, Verb::Agree, S::Agreed),
            (S::Proposed, Verb::Counter, S::Countered),
            (S::Proposed, Verb::Withdraw, S::Withdrawn),
        ];
        for &state in S::ALL {
            for &verb in Verb::ALL {
                let (from, to) = verb.arrow();
                let expected = table
                    .iter()
                    .find(|(s, v, _)| (*s, *v) == (state, verb))
                    .map(|arrow| arrow.2);
                assert_eq!((from == state).then_some(to), expected, "{state} {verb:?}");
            }
        }
    }
}

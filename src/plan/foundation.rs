//! The foundation: what must stand before a partnership becomes active, and whose turn it is.
//!
//! Each of the sections `business_understanding`, `ideal_client` and `success_definition` must be in force,
//! or waived by both parties; and the newest decision of each party must be to proceed. Whose turn it is
//! for a section that is not settled:
//!
//! | an open proposal | waived by | waits for |
//! |---|---|---|
//! | of one party | anybody | the other |
//! | none | one party | the other |
//! | none | nobody | both |
//!
//! Worked example: understanding in force, the ideal client proposed by the other party, success waived by
//! us alone, and only they have decided to proceed. Then `ideal_client` waits for us, `success_definition`
//! for them, and the decision for us.

use serde::Serialize;
use utoipa::ToSchema;

use super::decisions::Decision;
use super::sections::PlanSection;
use crate::parties::Side;
use crate::words;

words! {
    /// A part of the foundation.
    pub enum FoundationPart {
        /// What each does, and what it does for the other's clients.
        BusinessUnderstanding = "business_understanding",
        /// Whom each serves best.
        IdealClient = "ideal_client",
        /// What success is.
        SuccessDefinition = "success_definition",
        /// Whether it makes sense for both.
        Decision = "decision",
    }
}

/// A part of the foundation that does not stand yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundationGap {
    /// Which part.
    pub part: FoundationPart,
    /// Whose turn it is.
    pub waits_for: Vec<Side>,
    /// The same in words.
    pub detail: String,
}

/// Where a section stands, as far as the foundation asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The section.
    pub section: PlanSection,
    /// Whether a version is in force.
    pub is_in_force: bool,
    /// Whose proposal is open.
    pub proposed_by: Option<Side>,
    /// Who waives it.
    pub waived_by: Vec<Side>,
}

impl Standing {
    /// Whether both parties waive it.
    pub fn is_waived(&self) -> bool {
        [Side::Us, Side::Them]
            .iter()
            .all(|side| self.waived_by.contains(side))
    }

    /// Whether nothing is to be done about it.
    pub fn is_settled(&self) -> bool {
        self.is_in_force || self.is_waived()
    }

    /// Whose turn it is. In a section that is settled, it is only ever to answer.
    pub fn waits_for(&self) -> Vec<Side> {
        match (self.proposed_by, self.waived_by.as_slice()) {
            (Some(side), _) => vec![side.other()],
            _ if self.is_settled() => Vec::new(),
            (None, [side]) => vec![side.other()],
            (None, _) => vec![Side::Us, Side::Them],
        }
    }
}

/// What does not stand yet; empty when the partnership can become active.
pub fn gaps(standings: &[Standing], decisions: [Option<Decision>; 2]) -> Vec<FoundationGap> {
    let parts = [
        FoundationPart::BusinessUnderstanding,
        FoundationPart::IdealClient,
        FoundationPart::SuccessDefinition,
    ];
    let sections = PlanSection::FOUNDATION.into_iter().zip(parts);
    let mut gaps: Vec<FoundationGap> = sections
        .filter_map(|(section, part)| {
            let standing = standings.iter().find(|one| one.section == section)?;
            (!standing.is_settled()).then(|| FoundationGap {
                part,
                waits_for: standing.waits_for(),
                detail: words(standing).to_owned(),
            })
        })
        .collect();
    let undecided: Vec<Side> = [Side::Us, Side::Them]
        .into_iter()
        .zip(decisions)
        .filter(|(_, decision)| *decision != Some(Decision::Proceed))
        .map(|(side, _)| side)
        .collect();
    if !undecided.is_empty() {
        gaps.push(FoundationGap {
            part: FoundationPart::Decision,
            waits_for: undecided,
            detail: "Each party decides whether the partnership makes sense for its business."
                .to_owned(),
        });
    }
    gaps
}

fn words(standing: &Standing) -> &'static str {
    match (standing.proposed_by, standing.waived_by.as_slice()) {
        (Some(Side::Us), _) => "Your proposal waits for the other party's answer.",
        (Some(Side::Them), _) => "The other party's proposal waits for your answer.",
        (None, [Side::Us]) => "You waive it; the other party does not.",
        (None, [Side::Them]) => "The other party waives it; you do not.",
        _ => "Nobody has proposed it.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn standing(
        section: PlanSection,
        is_in_force: bool,
        proposed_by: Option<Side>,
        waived_by: &[Side],
    ) -> Standing {
        Standing {
            section,
            is_in_force,
            proposed_by,
            waived_by: waived_by.to_vec(),
        }
    }

    /// The worked example of the module.
    #[test]
    fn what_is_missing_is_said_with_whose_turn_it_is() {
        let standings = [
            standing(PlanSection::BusinessUnderstanding, true, None, &[]),
            standing(PlanSection::IdealClient, false, Some(Side::Them), &[]),
            standing(PlanSection::SuccessDefinition, false, None, &[Side::Us]),
        ];
        let found = gaps(&standings, [None, Some(Decision::Proceed)]);
        let told: Vec<_> = found
            .iter()
            .map(|gap| (gap.part, gap.waits_for.as_slice()))
            .collect();
        assert_eq!(
            told,
            [
                (FoundationPart::IdealClient, &[Side::Us][..]),
                (FoundationPart::SuccessDefinition, &[Side::Them][..]),
                (FoundationPart::Decision, &[Side::Us][..]),
            ]
        );
    }

    #[test]
    fn who_decides_not_to_proceed_is_waited_for() {
        let settled = PlanSection::FOUNDATION.map(|section| standing(section, true, None, &[]));
        let found = gaps(
            &settled,
            [Some(Decision::Proceed), Some(Decision::DoNotProceed)],
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].waits_for, [Side::Them]);
        assert!(gaps(&settled, [Some(Decision::Proceed); 2]).is_empty());
    }

    fn side() -> impl Strategy<Value = Side> {
        prop_oneof![Just(Side::Us), Just(Side::Them)]
    }

    proptest! {
        #[test]
        fn both_parties_read_the_same_gaps_from_their_sides(
            facts in proptest::collection::vec(
                (any::<bool>(), proptest::option::of(side()), any::<bool>(), any::<bool>()), 3),
            ours in any::<bool>(), theirs in any::<bool>(),
        ) {
            let of = |mirrored: bool| -> Vec<Standing> {
                PlanSection::FOUNDATION.into_iter().zip(&facts).map(|(section, (force, open, us, them))| {
                    let (us, them) = if mirrored { (them, us) } else { (us, them) };
                    let waived: Vec<Side> = [(Side::Us, *us), (Side::Them, *them)]
                        .into_iter().filter(|(_, is)| *is).map(|(side, _)| side).collect();
                    let open = if mirrored { open.map(Side::other) } else { *open };
                    standing(section, *force, open, &waived)
                }).collect()
            };
            let decided = |yes: bool| yes.then_some(Decision::Proceed);
            let a = gaps(&of(false), [decided(ours), decided(theirs)]);
            let b = gaps(&of(true), [decided(theirs), decided(ours)]);
            let mirrored: Vec<_> = b.iter().map(|gap| {
                let mut sides: Vec<Side> = gap.waits_for.iter().map(|side| side.other()).collect();
                sides.sort();
                (gap.part, sides)
            }).collect();
            let read: Vec<_> = a.iter().map(|gap| (gap.part, gap.waits_for.clone())).collect();
            prop_assert_eq!(read, mirrored);
            for gap in &a {
                prop_assert!(!gap.waits_for.is_empty());
            }
        }
    }
}

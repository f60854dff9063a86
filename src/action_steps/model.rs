//! What an action step is, and which state leads where.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::values::{Date, Timestamp};
use crate::words;

words! {
    /// Where a step stands.
    pub enum StepState {
        /// Laid on its owner, who has not answered.
        Proposed = "proposed",
        /// Promised.
        Planned = "planned",
        /// Begun.
        InProgress = "in_progress",
        /// Done.
        Done = "done",
        /// Its owner does not take it on.
        Declined = "declined",
        /// Left out.
        Skipped = "skipped",
        /// Not to be done any more.
        Cancelled = "cancelled",
    }
}

words! {
    /// What kind of step it is.
    pub enum StepKind {
        /// Speaking to a client.
        ClientConversation = "client_conversation",
        /// What follows from something.
        FollowUp = "follow_up",
        /// Work within the partnership.
        Internal = "internal",
    }
}

words! {
    /// A party, as the caller sees it.
    pub enum Owner {
        /// The caller's.
        Us = "us",
        /// The other.
        Them = "them",
    }
}

/// Something that is done to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// The owner takes on what was proposed: the step, or another date for it.
    Accept,
    /// The owner does not take on what was proposed.
    Decline,
    /// The owner has done it.
    Complete,
    /// The owner moves it; the other party proposes another date.
    Reschedule,
}

impl Verb {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Accept,
        Self::Decline,
        Self::Complete,
        Self::Reschedule,
    ];

    /// Its word in addresses and in the change feed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Complete => "complete",
            Self::Reschedule => "reschedule",
        }
    }

    /// Whether it can be done in a state; `date_proposed` tells whether another date waits for the
    /// owner's answer.
    pub const fn is_possible(self, state: StepState, date_proposed: bool) -> bool {
        let promised = matches!(state, StepState::Planned | StepState::InProgress);
        match self {
            Self::Accept | Self::Decline => {
                matches!(state, StepState::Proposed) || (promised && date_proposed)
            }
            Self::Complete => promised,
            Self::Reschedule => promised || matches!(state, StepState::Proposed),
        }
    }
}

/// What one party will do by a date.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActionStep {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The introduction that it is about, where you may see it.
    pub introduction_id: Option<Uuid>,
    /// Who will do it.
    pub owner: Owner,
    /// The firm that will do it.
    pub owner_firm_id: Uuid,
    /// The member who will do it, where known.
    pub owner_member_id: Option<Uuid>,
    /// Who wrote it down.
    pub proposed_by: Owner,
    /// Where it stands.
    pub state: StepState,
    /// What kind of step it is.
    pub kind: StepKind,
    /// What is to be done.
    pub title: String,
    /// More about it.
    pub detail: Option<String>,
    /// The date it is due, in the owner firm's zone.
    pub due_on: Date,
    /// The first date that the owner promised; `null` until then.
    pub promised_on: Option<Date>,
    /// Another date that the other party has proposed.
    pub proposed_due_on: Option<Date>,
    /// Why.
    pub proposed_due_reason: Option<String>,
    /// Why it was declined.
    pub reason: Option<String>,
    /// When it was done in the world.
    pub done_on: Option<Date>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
    /// The other firm.
    pub partner_firm_id: Uuid,
}

/// A change of a step's date.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StepMove {
    /// The date before.
    pub from_on: Date,
    /// The date after.
    pub to_on: Date,
    /// Why.
    pub reason: String,
    /// The firm that moved it.
    pub moved_by_firm_id: Uuid,
    /// When.
    pub moved_at: Timestamp,
    /// The version of the step that it made.
    pub version: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The arrows of the product's description, copied by hand.
    #[test]
    fn what_is_possible_is_what_the_product_says() {
        use StepState as S;
        for &state in S::ALL {
            for date_proposed in [false, true] {
                let can = |verb: Verb| verb.is_possible(state, date_proposed);
                let open = matches!(state, S::Planned | S::InProgress);
                assert_eq!(
                    can(Verb::Accept),
                    state == S::Proposed || (open && date_proposed),
                    "{state}"
                );
                assert_eq!(can(Verb::Decline), can(Verb::Accept), "{state}");
                assert_eq!(can(Verb::Complete), open, "{state}");
                assert_eq!(
                    can(Verb::Reschedule),
                    open || state == S::Proposed,
                    "{state}"
                );
            }
        }
    }
}

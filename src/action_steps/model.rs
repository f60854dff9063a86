//! What an action step is, and which state leads where.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::parties::Side;
use crate::plan::PlanSection;
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

impl StepState {
    /// Whether something is still to be done.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::Planned | Self::InProgress)
    }
}

words! {
    /// What kind of step it is.
    pub enum StepKind {
        /// Speaking to a client.
        ClientConversation = "client_conversation",
        /// What follows from something.
        FollowUp = "follow_up",
        /// Work on the partnership itself, which no client is part of. Both parties see it like any other.
        Internal = "internal",
    }
}

words! {
    /// How a client is spoken to.
    pub enum ConversationChannel {
        /// Face to face.
        InPerson = "in_person",
        /// By telephone.
        Phone = "phone",
        /// By video.
        Video = "video",
        /// In writing.
        Email = "email",
        /// Otherwise.
        Other = "other",
    }
}

/// Something that is done to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// The owner takes on what was proposed: the step, or another date for it.
    Accept,
    /// The owner does not take on what was proposed.
    Decline,
    /// The owner begins with it.
    Begin,
    /// The owner has done it.
    Complete,
    /// The owner moves it; the other party proposes another date.
    Reschedule,
    /// The owner leaves it out.
    Skip,
    /// The owner gives up what it promised; the other party takes back what it laid on the owner.
    Cancel,
    /// The other party agrees that the owner gave up a promise.
    AgreeCancellation,
    /// The owner goes on with what was done.
    Reopen,
}

impl Verb {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Accept,
        Self::Decline,
        Self::Begin,
        Self::Complete,
        Self::Reschedule,
        Self::Skip,
        Self::Cancel,
        Self::AgreeCancellation,
        Self::Reopen,
    ];

    /// Its word in addresses and in the change feed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Begin => "begin",
            Self::Complete => "complete",
            Self::Reschedule => "reschedule",
            Self::Skip => "skip",
            Self::Cancel => "cancel",
            Self::AgreeCancellation => "agree-cancellation",
            Self::Reopen => "reopen",
        }
    }

    /// For what leads from some states to one, whatever else the step is: from where, and where to, when
    /// this party does it. An answer depends on what was proposed, and another date leads nowhere.
    pub const fn arrow(self, owner: Side) -> Option<(&'static [StepState], StepState)> {
        use StepState as S;
        match (self, owner) {
            (Self::Begin, Side::Us) => Some((&[S::Planned], S::InProgress)),
            (Self::Complete, Side::Us) => Some((&[S::Planned, S::InProgress], S::Done)),
            (Self::Skip, Side::Us) => Some((&[S::Planned, S::InProgress], S::Skipped)),
            (Self::Cancel, Side::Us) => Some((&[S::Planned, S::InProgress], S::Cancelled)),
            (Self::Cancel, Side::Them) => Some((&[S::Proposed], S::Cancelled)),
            (Self::Reopen, Side::Us) => Some((&[S::Done], S::InProgress)),
            _ => None,
        }
    }

    /// Whether it can be done to a step as it stands, by the party that sees it so.
    pub fn is_possible(self, step: &ActionStep) -> bool {
        let promised = matches!(step.state, StepState::Planned | StepState::InProgress);
        let proposed = matches!(step.state, StepState::Proposed);
        match self {
            Self::Accept | Self::Decline => {
                proposed || (promised && step.proposed_due_on.is_some())
            }
            // A step that was not answered is moved by the one who proposed it.
            Self::Reschedule => promised || (proposed && step.proposed_by == Side::Us),
            Self::AgreeCancellation => step.agreed_by_both == Some(false),
            _ => self
                .arrow(step.owner)
                .is_some_and(|(from, _)| from.contains(&step.state)),
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
    pub owner: Side,
    /// The firm that will do it.
    pub owner_firm_id: Uuid,
    /// The member who will do it, where known.
    pub owner_member_id: Option<Uuid>,
    /// Who wrote it down.
    pub proposed_by: Side,
    /// Where it stands.
    pub state: StepState,
    /// What kind of step it is.
    pub kind: StepKind,
    /// Of a conversation: how the client is spoken to.
    pub channel: Option<ConversationChannel>,
    /// Of a conversation: what about.
    pub topic: Option<String>,
    /// Of a follow-up: the step that it follows, if any.
    pub follows_id: Option<Uuid>,
    /// The section of the plan that it belongs to, if any.
    pub section: Option<PlanSection>,
    /// What is to be done.
    pub title: String,
    /// More about it. Both parties read it.
    pub detail: Option<String>,
    /// The date it is due, in the owner firm's zone.
    pub due_on: Date,
    /// The first date that the owner promised; `null` until then.
    pub promised_on: Option<Date>,
    /// Another date that the other party has proposed.
    pub proposed_due_on: Option<Date>,
    /// Why.
    pub proposed_due_reason: Option<String>,
    /// Why it, or another date for it, was declined; why it was skipped, cancelled or opened again.
    pub reason: Option<String>,
    /// Of a promise that its owner cancelled: whether the other party agreed. `null` for all else.
    pub agreed_by_both: Option<bool>,
    /// When it was done in the world.
    pub done_on: Option<Date>,
    /// How many business days of its owner it is expected to take.
    pub length_days: i32,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
    /// The other firm.
    pub partner_firm_id: Uuid,
}

/// A state that a step came into.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StepRecord {
    /// The state before; `null` for the first.
    pub from_state: Option<StepState>,
    /// The state after.
    pub to_state: StepState,
    /// Why, where a reason was asked for.
    pub reason: Option<String>,
    /// The firm that did it.
    pub recorded_by_firm_id: Uuid,
    /// The member or API client that did it; `null` where the step is older than this history.
    pub recorded_by: Option<Uuid>,
    /// When.
    pub recorded_at: Timestamp,
    /// The version of the step that it made.
    pub version: i32,
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
    use super::StepState as S;
    use super::*;

    /// The arrows of the product's description, copied by hand; what is not here is no arrow.
    const ARROWS: &[(S, Verb, Side, S)] = &[
        (S::Planned, Verb::Begin, Side::Us, S::InProgress),
        (S::Planned, Verb::Complete, Side::Us, S::Done),
        (S::InProgress, Verb::Complete, Side::Us, S::Done),
        (S::Planned, Verb::Skip, Side::Us, S::Skipped),
        (S::InProgress, Verb::Skip, Side::Us, S::Skipped),
        (S::Planned, Verb::Cancel, Side::Us, S::Cancelled),
        (S::InProgress, Verb::Cancel, Side::Us, S::Cancelled),
        (S::Proposed, Verb::Cancel, Side::Them, S::Cancelled),
        (S::Done, Verb::Reopen, Side::Us, S::InProgress),
    ];

    #[test]
    fn the_arrows_are_those_of_the_product_and_no_others() {
        for &state in S::ALL {
            for &verb in Verb::ALL {
                for owner in [Side::Us, Side::Them] {
                    let leads = verb.arrow(owner).filter(|(from, _)| from.contains(&state));
                    let expected = ARROWS
                        .iter()
                        .find(|(s, v, o, _)| (*s, *v, *o) == (state, verb, owner))
                        .map(|arrow| arrow.3);
                    assert_eq!(
                        leads.map(|(_, to)| to),
                        expected,
                        "{state} {verb:?} {owner}"
                    );
                }
            }
        }
    }
}

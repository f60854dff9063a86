//! What a contribution is.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::changes::{Change, Kind};
use crate::introductions::Direction;
use crate::platform::auth::Caller;
use crate::platform::values::{Date, Timestamp};
use crate::words;

words! {
    /// What was given besides clients.
    pub enum ContributionKind {
        /// Advice on a matter of the other party's.
        Advice = "advice",
        /// Teaching the other party's people or clients.
        Teaching = "teaching",
        /// Something to read, watch or use.
        Content = "content",
        /// Something else; the words say what.
        Other = "other",
    }
}

words! {
    /// Where a contribution stands.
    pub enum ContributionState {
        /// Recorded by who gave it; the other party has not answered.
        Proposed = "proposed",
        /// Both say so: it counts.
        Confirmed = "confirmed",
        /// The other party does not say so.
        Declined = "declined",
        /// Who recorded it took it back.
        Withdrawn = "withdrawn",
    }
}

/// Something that is done to a contribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// The party that it was given to says so too.
    Confirm,
    /// It does not.
    Decline,
    /// The party that recorded it takes it back.
    Withdraw,
}

impl Verb {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Confirm, Self::Decline, Self::Withdraw];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Decline => "decline",
            Self::Withdraw => "withdraw",
        }
    }

    /// From where it leads, and where to.
    pub const fn arrow(self) -> (ContributionState, ContributionState) {
        let to = match self {
            Self::Confirm => ContributionState::Confirmed,
            Self::Decline => ContributionState::Declined,
            Self::Withdraw => ContributionState::Withdrawn,
        };
        (ContributionState::Proposed, to)
    }
}

/// What one party gave the other besides clients.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Contribution {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// Whether your party gave it, or received it.
    pub direction: Direction,
    /// The other firm.
    pub partner_firm_id: Uuid,
    /// What kind of thing it was.
    pub kind: ContributionKind,
    /// What it was.
    pub words: String,
    /// When it was given.
    pub happened_on: Date,
    /// Where it stands.
    pub state: ContributionState,
    /// Why it was declined.
    pub reason: Option<String>,
    /// The member or API client of the giving party that recorded it.
    pub recorded_by: Uuid,
    /// The member of the other party who answered.
    pub answered_by: Option<Uuid>,
    /// When the other party answered.
    pub answered_at: Option<Timestamp>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
}

impl Contribution {
    /// What both parties are told.
    pub fn done(&self, caller: &Caller, action: &'static str, at: Timestamp) -> Change {
        Change::by(caller, Kind::Contribution, self.id, action, at)
            .version(self.version)
            .within(self.partnership_id)
            .seen_by([caller.firm_id, self.partner_firm_id])
    }
}

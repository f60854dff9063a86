//! What a partnership is, and which steps lead where.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::parties::PartnershipState as State;
use crate::platform::values::{EmailAddress, Name, Timestamp};
use crate::words;

words! {
    /// The caller's side.
    pub enum PartnershipSide {
        /// It proposed.
        Proposer = "proposer",
        /// It was proposed to.
        Recipient = "recipient",
    }
}

/// Something that is done to a partnership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// The recipient says yes.
    Accept,
    /// The recipient says no.
    Decline,
    /// The proposer takes it back.
    Withdraw,
    /// Either begins to work.
    Activate,
    /// Either interrupts it.
    Pause,
    /// Either goes on with it.
    Resume,
    /// Either ends it.
    End,
}

impl Verb {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Accept,
        Self::Decline,
        Self::Withdraw,
        Self::Activate,
        Self::Pause,
        Self::Resume,
        Self::End,
    ];

    /// Its word in addresses and in the change feed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Withdraw => "withdraw",
            Self::Activate => "activate",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::End => "end",
        }
    }

    /// The states from which it leads anywhere, and where to.
    pub const fn arrow(self) -> (&'static [State], State) {
        match self {
            Self::Accept => (&[State::Proposed], State::Exploring),
            Self::Decline => (&[State::Proposed], State::Declined),
            Self::Withdraw => (&[State::Proposed], State::Withdrawn),
            Self::Activate => (&[State::Exploring], State::Active),
            Self::Pause => (&[State::Active], State::Paused),
            Self::Resume => (&[State::Paused], State::Active),
            Self::End => (
                &[State::Exploring, State::Active, State::Paused],
                State::Ended,
            ),
        }
    }
}

/// One party, as the other may know it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartyView {
    /// The firm.
    pub firm_id: Uuid,
    /// The firm's name.
    pub firm_name: Name,
    /// The lead member.
    pub lead_id: Uuid,
    /// The lead member's name.
    pub lead_name: Name,
}

/// A partnership, as one of its parties sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Partnership {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub state: State,
    /// Your side.
    pub side: PartnershipSide,
    /// Your party.
    pub us: PartyView,
    /// The other party. For the proposer it is `null` until the recipient has accepted.
    #[schema(nullable)]
    pub them: Option<PartyView>,
    /// The address that it was proposed to; the proposer alone sees it.
    pub recipient_email: Option<EmailAddress>,
    /// What the proposer wrote to the recipient.
    pub message: Option<String>,
    /// Why it was declined, is paused, or was ended.
    pub reason: Option<String>,
    /// The firm that paused it, while it is paused.
    pub paused_by_firm_id: Option<Uuid>,
    /// Since when it is paused.
    pub paused_at: Option<Timestamp>,
    /// The firm that ended it.
    pub ended_by_firm_id: Option<Uuid>,
    /// When it was accepted or declined.
    pub answered_at: Option<Timestamp>,
    /// When it was declined, withdrawn or ended, or when it expired.
    pub closed_at: Option<Timestamp>,
    /// When it was proposed.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
}

impl Partnership {
    /// The firms that see it: before the answer, the recipient only where the address is a member's.
    pub fn firms(&self, recipient_firm_id: Option<Uuid>) -> Vec<Uuid> {
        [
            Some(self.us.firm_id),
            self.them.as_ref().map(|them| them.firm_id),
            recipient_firm_id,
        ]
        .into_iter()
        .flatten()
        .fold(Vec::new(), |mut firms, firm| {
            if !firms.contains(&firm) {
                firms.push(firm);
            }
            firms
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The arrows of the product's description, copied by hand; what is not here is no arrow.
    const ARROWS: &[(State, Verb, State)] = &[
        (State::Proposed, Verb::Accept, State::Exploring),
        (State::Proposed, Verb::Decline, State::Declined),
        (State::Proposed, Verb::Withdraw, State::Withdrawn),
        (State::Exploring, Verb::Activate, State::Active),
        (State::Active, Verb::Pause, State::Paused),
        (State::Paused, Verb::Resume, State::Active),
        (State::Exploring, Verb::End, State::Ended),
        (State::Active, Verb::End, State::Ended),
        (State::Paused, Verb::End, State::Ended),
    ];

    #[test]
    fn the_arrows_are_those_of_the_product_and_no_others() {
        for &state in State::ALL {
            for &verb in Verb::ALL {
                let (from, to) = verb.arrow();
                let leads = from.contains(&state).then_some(to);
                let expected = ARROWS
                    .iter()
                    .find(|(s, v, _)| (*s, *v) == (state, verb))
                    .map(|arrow| arrow.2);
                assert_eq!(leads, expected, "{state} {verb:?}");
            }
        }
    }
}

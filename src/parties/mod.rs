//! Parties: each firm's side of a partnership, as the features see it that work within one.
//!
//! [`crate::partnerships`] moves partnerships; this reads who stands on which side, so that
//! introductions, consents and steps need not know how a partnership comes about.

mod store;

use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

pub use store::find;

use crate::platform::error::{ApiResult, Problem};
use crate::words;

words! {
    /// Where a partnership stands.
    pub enum PartnershipState {
        /// Proposed; the recipient has not answered.
        Proposed = "proposed",
        /// Accepted; the two work out what they agree on.
        Exploring = "exploring",
        /// At work: introductions can be offered and accepted.
        Active = "active",
        /// Interrupted.
        Paused = "paused",
        /// The recipient said no.
        Declined = "declined",
        /// The proposer took it back.
        Withdrawn = "withdrawn",
        /// Nobody answered in time.
        Expired = "expired",
        /// Ended by one of the two.
        Ended = "ended",
    }
}

/// The caller's side of a partnership that the other has joined.
#[derive(Clone, Copy, Debug)]
pub struct Party {
    /// The partnership.
    pub partnership_id: Uuid,
    /// Where it stands.
    pub state: PartnershipState,
    /// The caller's firm.
    pub us: Uuid,
    /// The other firm.
    pub them: Uuid,
}

impl Party {
    /// Asks that the partnership is in one of these states: 409 otherwise.
    pub fn must_be(&self, states: &[PartnershipState]) -> ApiResult<()> {
        if states.contains(&self.state) {
            return Ok(());
        }
        let needed: Vec<_> = states.iter().map(|state| state.as_str()).collect();
        let problem = Problem::state_forbids(self.state.as_str(), &[]);
        Err(problem
            .with("needed_partnership_state", needed.into())
            .into())
    }

    /// Asks that the two work with one another.
    pub fn must_live(&self) -> ApiResult<()> {
        self.must_be(&[
            PartnershipState::Exploring,
            PartnershipState::Active,
            PartnershipState::Paused,
        ])
    }
}

/// Which partnership.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PartnershipPath {
    /// The partnership's id.
    pub partnership_id: Uuid,
}

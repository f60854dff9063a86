//! Parties: each firm's side of a partnership, as the features see it that work within one.
//!
//! [`crate::partnerships`] moves partnerships; this reads who stands on which side, so that
//! introductions, consents and steps need not know how a partnership comes about.

mod store;

pub(crate) use store::joined;

use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::platform::app::App;
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{FoundAt, IdPath};
use crate::platform::values::Name;
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

words! {
    /// One of the two parties, as the reader sees them.
    pub enum Side {
        /// Yours.
        Us = "us",
        /// The other.
        Them = "them",
    }
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Us => Self::Them,
            Self::Them => Self::Us,
        }
    }

    /// Of a fact about your party.
    pub const fn of(is_us: bool) -> Self {
        if is_us { Self::Us } else { Self::Them }
    }

    /// The firm that stands on it.
    pub const fn of_party(self, party: &Party) -> Uuid {
        match self {
            Self::Us => party.us,
            Self::Them => party.them,
        }
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
    fn must_live(&self) -> ApiResult<()> {
        let live = [
            PartnershipState::Exploring,
            PartnershipState::Active,
            PartnershipState::Paused,
        ];
        if live.contains(&self.state) {
            return Ok(());
        }
        let needed: Vec<_> = live.iter().map(|state| state.as_str()).collect();
        let problem = Problem::state_forbids(self.state.as_str(), &[]);
        Err(problem
            .with("needed_partnership_state", needed.into())
            .into())
    }
}

/// A firm's side of a partnership that was accepted; `None` when it is not a party to it.
pub async fn find(conn: &Conn, partnership_id: Uuid, firm_id: Uuid) -> ApiResult<Option<Party>> {
    store::find(conn, partnership_id, firm_id).await
}

/// The same for a write that needs the partnership to live: it can't end before the transaction
/// does. `None` when the firm is not a party to it, 409 when it has ended.
pub async fn hold(tx: &Tx, partnership_id: Uuid, firm_id: Uuid) -> ApiResult<Option<Party>> {
    let party = store::hold(tx, partnership_id, firm_id).await?;
    if let Some(party) = &party {
        party.must_live()?;
    }
    Ok(party)
}

/// Who leads a party.
#[derive(Clone, Debug)]
pub struct Lead {
    /// The member.
    pub member_id: Uuid,
    /// The member's name, as partners see it.
    pub name: Name,
}

/// Who leads a firm's party; `None` where the lead has left the firm, as those of a closed one have.
pub async fn find_lead(
    conn: &Conn,
    partnership_id: Uuid,
    firm_id: Uuid,
) -> ApiResult<Option<Lead>> {
    store::find_lead(conn, partnership_id, firm_id).await
}

/// Whether a member leads a party that needs a lead: one that has proposed, or that has accepted. Whoever
/// was only proposed to is not held by it: another of the firm can answer.
pub async fn leads(tx: &Tx, member_id: Uuid) -> ApiResult<bool> {
    store::leads(tx, member_id).await
}

/// Which partnership.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PartnershipPath {
    /// The partnership's id.
    pub partnership_id: Uuid,
}

impl IdPath for PartnershipPath {
    fn id(&self) -> Uuid {
        self.partnership_id
    }
}

impl FoundAt<PartnershipPath> for Party {
    async fn find_at(app: &App, caller: &Caller, path: PartnershipPath) -> ApiResult<Option<Self>> {
        app.db
            .read(async |conn| find(conn, path.partnership_id, caller.firm_id).await)
            .await
    }
}

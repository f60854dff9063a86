//! The one who asks.

use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use super::{Role, Scope};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u64);

impl Scopes {
    fn bit(scope: Scope) -> u64 {
        Scope::ALL
            .iter()
            .position(|one| *one == scope)
            .map_or(0, |place| 1 << place)
    }

    /// Whether the scope is in the set.
    pub fn has(self, scope: Scope) -> bool {
        self.0 & Self::bit(scope) != 0
    }

    /// The scopes, in the order in which they are declared.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL
            .iter()
            .copied()
            .filter(move |scope| self.has(*scope))
    }

    /// What is in both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Reads scopes separated by blanks (RFC 6749, 3.3); `None` when one is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        text.split_ascii_whitespace()
            .map(Scope::from_word)
            .collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(
            scopes
                .into_iter()
                .fold(0, |set, scope| set | Self::bit(scope)),
        )
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, scope) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

/// A person or a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A person of the firm.
    Member {
        /// The member.
        member_id: Uuid,
        /// What the member may do.
        role: Role,
    },
    /// A machine of the firm.
    ApiClient {
        /// The API client.
        api_client_id: Uuid,
        /// What it was granted.
        scopes: Scopes,
    },
}

/// The one who asks, as the database knew it when the token was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The firm for which it asks. Every read and write is through it.
    pub firm_id: Uuid,
    /// Who it is.
    pub who: Who,
    /// What is revoked when it signs out: the session, or the API client itself.
    pub credential_id: Uuid,
}

impl Caller {
    /// The id under which its doings are recorded.
    pub fn actor_id(&self) -> Uuid {
        match self.who {
            Who::Member { member_id, .. } => member_id,
            Who::ApiClient { api_client_id, .. } => api_client_id,
        }
    }

    /// The member, when it is a person.
    pub fn member_id(&self) -> Option<Uuid> {
        match self.who {
            Who::Member { member_id, .. } => Some(member_id),
            Who::ApiClient { .. } => None,
        }
    }
}

/// What a verified token says of its bearer, before the database is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A person, through a session.
    Session(Uuid),
    /// A machine, with the scopes that this token was asked for.
    ApiClient(Uuid, Scopes),
}

/// How the platform asks the features whether a credential is still good.
pub trait Credentials: Send + Sync {
    /// The caller behind a token; `None` when the session has ended, the member or the API client
    /// was deactivated.
    fn caller<'a>(
        &'a self,
        conn: &'a Conn,
        subject: Subject,
        now: Timestamp,
    ) -> LocalBoxFuture<'a, ApiResult<Option<Caller>>>;
}

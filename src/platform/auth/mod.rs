//! Who is asking, and what the one who asks may do.
//!
//! A request's token is verified once ([`tokens`]) and remembered ([`remembered`]) until it expires
//! or is revoked; revocation reaches every replica ([`crate::platform::db`]'s notifications).
//! What a caller may do is a [`Rule`]: a duty of the table in the product's description, for people
//! by their role, and for machines by a scope.

mod caller;
pub mod key_ring;
pub mod passwords;
pub mod remembered;
mod rule;
mod store;
pub mod tokens;

pub use caller::{Caller, Credentials, Scopes, Subject, Who};
pub use rule::{Duty, Role, Rule, Scope, Verdict};

use super::db::constraints::{Constraint, Means, constraint};

/// What the constraints of this module's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[constraint("signing_keys_pkey", Means::Guarded)];

/// The channel on which revoked credentials are told.
pub const REVOKED: &str = "quid_revoked";
/// The channel on which new signing keys are told.
pub const NEW_KEYS: &str = "quid_keys";

/// Makes every replica forget a session, member or API client when the transaction commits.
pub async fn revoke(tx: &super::db::Tx, id: uuid::Uuid) -> super::error::ApiResult<()> {
    store::tell(tx, REVOKED, id.to_string()).await
}

/// Makes every replica read the signing keys anew when the transaction commits.
pub async fn tell_new_keys(tx: &super::db::Tx) -> super::error::ApiResult<()> {
    store::tell(tx, NEW_KEYS, String::new()).await
}

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

//! The audit log: who did what, in each firm that it concerns. Only ever added to; no client data,
//! ever, so that nothing in it has to be erased.
//!
//! Whatever is told to the change feed stands here too ([`crate::changes`] sees to it); what is no
//! change of a record, such as a sign-in, is recorded by whoever does it.
//!
//! # The chain
//! Each firm's entries are chained: an entry's tag is an HMAC over its fields and the tag before, under
//! a key derived from the master key. Whoever changes, removes or inserts an entry in the database,
//! past the trigger that forbids it, breaks the chain, and can't mend it without the master key. It is
//! chained by a job a few seconds after it was written ([`CHAIN`]), since chaining in the transaction
//! would make all writers of a firm wait for one another. What the chain alone can't show is that its
//! newest entries were cut off: keep the heads that `quid audit verify` prints, and give them to the
//! next run.

mod chain;
mod list;
mod store;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

pub use chain::{CHAIN, Head, Verified, verify};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list::list_audit_entries);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("audit_entries_pkey", Means::Guarded),
    constraint("audit_entries_link_check", Means::Guarded),
    constraint("audit_entries_position_key", Means::Guarded),
    constraint("audit_entries_firm_id_fkey", Means::Gone),
];

/// What was done.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The firms in whose logs it stands.
    pub firms: &'a [Uuid],
    /// Who did it; `None` for the service, or for nobody known.
    pub actor_id: Option<Uuid>,
    /// What was done: a verb or a participle, such as `sign_in` or `created`.
    pub action: &'static str,
    /// What kind of thing it was done to, such as `session`.
    pub kind: &'static str,
    /// Which one.
    pub resource_id: Option<Uuid>,
    /// The partnership that it belongs to.
    pub partnership_id: Option<Uuid>,
    /// Its version afterwards.
    pub version: Option<i32>,
    /// When.
    pub at: Timestamp,
}

impl<'a> Entry<'a> {
    /// Something that a member or API client of a firm did to something of its own firm.
    pub fn own(
        firm: &'a Uuid,
        actor_id: Option<Uuid>,
        (action, kind): (&'static str, &'static str),
        resource_id: Uuid,
        at: Timestamp,
    ) -> Self {
        Self {
            firms: std::slice::from_ref(firm),
            actor_id,
            action,
            kind,
            resource_id: Some(resource_id),
            partnership_id: None,
            version: None,
            at,
        }
    }
}

/// Records what was done, in the transaction that does it.
pub async fn record(tx: &Tx, entry: Entry<'_>) -> ApiResult<()> {
    store::insert(tx, &entry).await
}

/// An entry of a firm's audit log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Counts the entries of all firms, in the order in which they were written; a firm's own have
    /// gaps.
    pub sequence: i64,
    /// The member or API client that did it, of your firm or of a partner; `null` for the service, or
    /// for nobody known.
    pub actor_id: Option<Uuid>,
    /// What was done, such as `created`, `accept` or `sign_in`.
    pub action: String,
    /// What kind of thing it was done to, such as `introduction` or `session`.
    pub kind: String,
    /// Which one.
    pub resource_id: Option<Uuid>,
    /// The partnership that it belongs to, if any.
    pub partnership_id: Option<Uuid>,
    /// Its version afterwards, where it has one.
    pub version: Option<i32>,
    /// When.
    pub done_at: Timestamp,
    /// Its place in your firm's chain, from 1 on without gaps; `null` until it is chained, a few seconds
    /// later.
    pub position: Option<i64>,
    /// Its tag in the chain, base64url: covers the entry and, through the tag before, all earlier ones.
    pub tag: Option<String>,
}

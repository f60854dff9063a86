//! The audit log: who did what, in each firm that it concerns. Only ever added to; no client data,
//! ever, so that nothing in it has to be erased.
//!
//! Whatever is told to the change feed stands here too ([`crate::changes`] sees to it); what is no
//! change of a record, such as a sign-in, is recorded by whoever does it.

mod store;

use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("audit_entries_pkey", Means::Guarded),
    constraint("audit_entries_firm_id_fkey", Means::Gone),
    constraint("audit_links_pkey", Means::Guarded),
    constraint("audit_links_entry_seq_key", Means::Guarded),
    constraint("audit_links_firm_id_fkey", Means::Gone),
    constraint("audit_links_entry_seq_fkey", Means::Guarded),
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

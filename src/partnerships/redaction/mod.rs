//! What erasing a client does to the texts of partnerships; [`crate::erasure`] does the whole of it.

mod store;

use uuid::Uuid;

use crate::changes::{self, Change, Kind};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Takes what `pattern` finds out of a firm's partnerships: messages, reasons, terms, and the firm's own
/// private notes. Another firm's notes are not looked at: it is not to be told by them who was erased.
pub async fn redact(
    tx: &Tx,
    (firm_id, actor_id): (Uuid, Option<Uuid>),
    pattern: &str,
    now: Timestamp,
) -> ApiResult<()> {
    let updated = |kind, resource_id, version| Change {
        kind,
        resource_id,
        action: "updated",
        version,
        partnership_id: Some(resource_id),
        firms: vec![firm_id],
        actor_id,
        at: now,
    };
    for one in store::redact(tx, firm_id, pattern, now).await? {
        let change = updated(Kind::Partnership, one.id, one.version).seen_by(one.firms());
        changes::record(tx, change).await?;
    }
    for one in store::redact_terms(tx, firm_id, pattern).await? {
        let change = updated(Kind::PartnershipTerms, one.id, one.version).seen_by(one.firms());
        changes::record(tx, change).await?;
    }
    for (id, partnership_id, version) in store::redact_notes(tx, firm_id, pattern, now).await? {
        let change = updated(Kind::PartnershipNote, id, version).within(partnership_id);
        changes::record(tx, change).await?;
    }
    Ok(())
}

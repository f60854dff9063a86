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
    for touched in store::redact(tx, firm_id, pattern, now).await? {
        let firms = [Some(touched.proposer_firm_id), touched.recipient_firm_id];
        let change = Change {
            kind: Kind::Partnership,
            resource_id: touched.id,
            action: "updated",
            version: touched.version,
            partnership_id: Some(touched.id),
            firms: firms.into_iter().flatten().collect(),
            actor_id,
            at: now,
        };
        changes::record(tx, change).await?;
    }
    store::redact_notes(tx, firm_id, pattern, now).await
}

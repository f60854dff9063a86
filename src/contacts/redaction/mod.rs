//! What erasing a client does to contacts; [`crate::erasure`] does the whole of it.

mod store;

use uuid::Uuid;

use crate::changes::{self, Change, Kind};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Takes what `pattern` finds out of what is said of contacts in a firm's partnerships. Name, address and number are
/// a teammate's own, also where a client has the same. Both parties are told.
pub async fn redact(
    tx: &Tx,
    (firm_id, actor_id): (Uuid, Option<Uuid>),
    pattern: &str,
    now: Timestamp,
) -> ApiResult<()> {
    for one in store::redact(tx, firm_id, pattern, now).await? {
        let change = Change {
            kind: Kind::Contact,
            resource_id: one.id,
            action: "updated",
            version: one.version,
            partnership_id: Some(one.partnership_id),
            firms: vec![one.by_firm_id, one.to_firm_id],
            actor_id,
            at: now,
        };
        changes::record(tx, change).await?;
    }
    Ok(())
}

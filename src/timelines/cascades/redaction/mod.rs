//! What erasing a client does to the reasons of cascades; [`crate::erasure`] does the whole of it.

mod store;

use uuid::Uuid;

use crate::changes::{self, Change, Kind};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Takes every word out of the reasons of cascades that moved steps of a client's introductions, and what `pattern`
/// finds out of the others of the firm's partnerships. What was moved stays. Both parties are told.
pub async fn redact(
    tx: &Tx,
    (firm_id, actor_id): (Uuid, Option<Uuid>),
    introductions: &[Uuid],
    pattern: Option<&str>,
    now: Timestamp,
) -> ApiResult<()> {
    for one in store::redact(tx, firm_id, introductions, pattern).await? {
        let change = Change::of(actor_id, Kind::Cascade, one.id, "updated", now)
            .version(one.version)
            .within(one.partnership_id)
            .seen_by([one.proposer_firm_id, one.recipient_firm_id]);
        changes::record(tx, change).await?;
    }
    Ok(())
}

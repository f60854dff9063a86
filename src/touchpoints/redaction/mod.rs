//! What erasing a client does to touchpoints; [`crate::erasure`] does the whole of it.

mod store;

use uuid::Uuid;

use crate::changes::{self, Change, Kind};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Takes what `pattern` finds out of a firm's touchpoints and of those that partners share with it: places, notes, and
/// guests who are no members. Another firm's private ones are not looked at: it is not to be told by them who was
/// erased. Whoever sees one is told.
pub async fn redact(
    tx: &Tx,
    (firm_id, actor_id): (Uuid, Option<Uuid>),
    pattern: &str,
    now: Timestamp,
) -> ApiResult<()> {
    for one in store::redact(tx, firm_id, pattern, now).await? {
        let other = one.is_shared.then_some(one.to_firm_id);
        let change = Change::of(actor_id, Kind::Touchpoint, one.id, "updated", now)
            .version(one.version)
            .within(one.partnership_id)
            .seen_by(std::iter::once(one.by_firm_id).chain(other));
        changes::record(tx, change).await?;
    }
    Ok(())
}

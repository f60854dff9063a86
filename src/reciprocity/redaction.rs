//! What erasing a client does to contributions; [`crate::erasure`] does the whole of it.

use uuid::Uuid;

use super::contributions::store;
use crate::changes::{self, Change, Kind};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Takes what `pattern` finds out of what a firm gave and received besides clients. Both parties are told.
pub async fn redact(
    tx: &Tx,
    (firm_id, actor_id): (Uuid, Option<Uuid>),
    pattern: &str,
    now: Timestamp,
) -> ApiResult<()> {
    for one in store::redact(tx, firm_id, pattern, now).await? {
        let change = Change::of(actor_id, Kind::Contribution, one.id, "updated", now)
            .version(one.version)
            .within(one.partnership_id)
            .seen_by([one.by_firm_id, one.to_firm_id]);
        changes::record(tx, change).await?;
    }
    Ok(())
}

//! What erasing a client does to the records of clients; [`crate::erasure`] does the whole of it.

use uuid::Uuid;

use super::store;
use crate::changes;
use crate::clients::events;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::values::Timestamp;

/// Erases the record of a client who is held for it, and takes the name out of what the firm noted of
/// others.
pub async fn erase(
    tx: &Tx,
    (firm_id, actor_id): (Uuid, Option<Uuid>),
    client_id: Uuid,
    pattern: Option<&str>,
    now: Timestamp,
) -> ApiResult<()> {
    let version = store::erase(tx, firm_id, client_id, now).await?;
    let version = version.ok_or_else(Problem::not_found)?;
    let erased = events::of_firm(firm_id, actor_id, (client_id, version), "erased", now);
    changes::record(tx, erased).await?;
    for one in store::end_consents(tx, firm_id, client_id, now).await? {
        let action = if one.has_ended { "withdraw" } else { "updated" };
        let what = (one.id, one.partnership_id, one.version);
        let ended = events::consent(firm_id, actor_id, what, action, now);
        changes::record(tx, ended).await?;
    }
    if let Some(pattern) = pattern {
        for changed in store::redact(tx, firm_id, pattern, now).await? {
            let updated = events::of_firm(firm_id, actor_id, changed, "updated", now);
            changes::record(tx, updated).await?;
        }
    }
    Ok(())
}

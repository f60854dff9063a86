//! What erasing a client does to introductions; [`crate::erasure`] does the whole of it.

use uuid::Uuid;

use super::{ended, store};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::{changes, firms};

/// Takes a client out of its introductions: open ones are withdrawn, every word and external id goes,
/// what is counted stays. Both parties are told. Gives the introductions.
pub async fn erase_client(
    tx: &Tx,
    (firm_id, actor_id): (Uuid, Option<Uuid>),
    client_id: Uuid,
    pattern: Option<&str>,
    now: Timestamp,
) -> ApiResult<Vec<Uuid>> {
    let today = now.date_in(&firms::zone(tx, firm_id).await?);
    let erased = store::erase_client(tx, (client_id, firm_id, actor_id), today, now).await?;
    for one in &erased {
        changes::record(tx, ended(actor_id, one, "erased", now)).await?;
    }
    if let Some(pattern) = pattern {
        for one in store::redact(tx, firm_id, pattern, now).await? {
            changes::record(tx, ended(actor_id, &one, "updated", now)).await?;
        }
    }
    Ok(erased.into_iter().map(|one| one.id).collect())
}

//! What the end of a partnership means for its introductions.

use uuid::Uuid;

use super::{ended, store};
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::{changes, firms};

/// Withdraws a partnership's drafts and open offers; what was accepted can still be reported on.
pub async fn withdraw_open(
    tx: &Tx,
    caller: &Caller,
    partnership_id: Uuid,
    now: Timestamp,
) -> ApiResult<()> {
    let today = now.date_in(&firms::zone(tx, caller.firm_id).await?);
    for one in store::withdraw_open(tx, caller, partnership_id, today, now).await? {
        let change = ended(Some(caller.actor_id()), &one, "withdraw", now);
        changes::record(tx, change).await?;
    }
    Ok(())
}

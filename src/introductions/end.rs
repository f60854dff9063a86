//! What the end of a partnership means for its introductions.

use uuid::Uuid;

use super::store;
use crate::changes::{self, Change, Kind};
use crate::firms;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Withdraws a partnership's drafts and open offers; what was accepted can still be reported on.
pub async fn withdraw_open(
    tx: &Tx,
    caller: &Caller,
    partnership_id: Uuid,
    now: Timestamp,
) -> ApiResult<()> {
    let today = now.date_in(&firms::zone(tx, caller.firm_id).await?);
    for ended in store::withdraw_open(tx, caller, partnership_id, today, now).await? {
        let other = ended.was_offered.then_some(ended.receiver_firm_id);
        let change = Change::by(caller, Kind::Introduction, ended.id, "withdraw", now)
            .version(ended.version)
            .within(partnership_id)
            .seen_by(std::iter::once(ended.introducer_firm_id).chain(other));
        changes::record(tx, change).await?;
    }
    Ok(())
}

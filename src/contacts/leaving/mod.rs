//! What becomes of a contact when the member behind it leaves the firm, or comes back.

mod store;

use uuid::Uuid;

use crate::changes::{self, Change, Kind};
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Tells both parties that a contact who is this member of the caller's firm has left, or has come back: nothing of
/// it is written, but it reads otherwise.
pub async fn tell_of_member(
    tx: &Tx,
    caller: &Caller,
    member_id: Uuid,
    now: Timestamp,
) -> ApiResult<()> {
    for one in store::touch(tx, caller.firm_id, member_id, now).await? {
        let change = Change::by(caller, Kind::Contact, one.id, "updated", now)
            .version(one.version)
            .within(one.partnership_id)
            .seen_by([one.by_firm_id, one.to_firm_id]);
        changes::record(tx, change).await?;
    }
    Ok(())
}

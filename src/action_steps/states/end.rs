//! What the end of a partnership means for its steps.

use uuid::Uuid;

use super::store;
use crate::action_steps::events;
use crate::changes;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Cancels the steps of a partnership that nobody has promised yet. What was promised, begun or done stays
/// as it is: it can be read, and since the partnership does not live any more nothing moves it.
pub async fn cancel_proposed(
    tx: &Tx,
    caller: &Caller,
    partnership_id: Uuid,
    now: Timestamp,
) -> ApiResult<()> {
    for step in store::cancel_proposed(tx, caller, partnership_id, now).await? {
        changes::record(tx, events::done(caller, &step, "cancel")).await?;
    }
    Ok(())
}

//! Cancels what is still to come.

use uuid::Uuid;

use super::store;
use crate::changes;
use crate::meetings::model::Meeting;
use crate::meetings::{events, items};
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Cancels the meetings of a partnership that are still to come, since it is paused or ends. Both parties are told.
pub async fn cancel_planned(
    tx: &Tx,
    caller: &Caller,
    partnership_id: Uuid,
    now: Timestamp,
) -> ApiResult<()> {
    let who = (caller.firm_id, Some(caller.actor_id()));
    cancel(tx, who, partnership_id, now).await
}

/// The same for somebody, or for the service.
pub(super) async fn cancel(
    tx: &Tx,
    who: (Uuid, Option<Uuid>),
    partnership_id: Uuid,
    now: Timestamp,
) -> ApiResult<()> {
    store::forget(tx, partnership_id).await?;
    let to_come = store::list_planned(tx, partnership_id, now).await?;
    let cancelled = store::cancel(tx, who.0, &to_come, now).await?;
    tell_cancelled(tx, who, cancelled, now).await
}

/// Tells both parties of meetings that were cancelled; what was open on their agendas waits for the next.
pub(super) async fn tell_cancelled(
    tx: &Tx,
    who: (Uuid, Option<Uuid>),
    cancelled: Vec<Meeting>,
    now: Timestamp,
) -> ApiResult<()> {
    items::carry_all(tx, who, &cancelled, now).await?;
    for meeting in cancelled {
        let change = events::done(&meeting, who.0, who.1, "cancel", now);
        changes::record(tx, change).await?;
    }
    Ok(())
}

//! Carries over what was not resolved.

use uuid::Uuid;

use super::store;
use crate::changes;
use crate::meetings::model::Meeting;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// What is open on the agenda of a meeting that was held or skipped goes to the next one; both parties are told.
pub async fn carry_over(
    tx: &Tx,
    who: (Uuid, Option<Uuid>),
    meeting: &Meeting,
    now: Timestamp,
) -> ApiResult<()> {
    let written_by_then = meeting.held_at.unwrap_or(now);
    carry(tx, who, meeting, Some(written_by_then), now).await
}

/// The same for meetings that the service takes back; what waits for the next one goes on waiting.
pub async fn carry_all(
    tx: &Tx,
    who: (Uuid, Option<Uuid>),
    meetings: &[Meeting],
    now: Timestamp,
) -> ApiResult<()> {
    for meeting in meetings {
        carry(tx, who, meeting, None, now).await?;
    }
    Ok(())
}

async fn carry(
    tx: &Tx,
    who: (Uuid, Option<Uuid>),
    meeting: &Meeting,
    written_by_then: Option<Timestamp>,
    now: Timestamp,
) -> ApiResult<()> {
    let of = (who.0, meeting.partnership_id);
    let from = (meeting.id, meeting.starts_at);
    for item in store::carry(tx, of, from, written_by_then, now).await? {
        changes::record(tx, item.done(who, "updated", now)).await?;
    }
    Ok(())
}

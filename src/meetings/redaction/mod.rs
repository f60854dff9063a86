//! What erasing a client does to the texts of meetings; [`crate::erasure`] does the whole of it.

mod store;

use uuid::Uuid;

use crate::changes::{self, Change, Kind};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Takes what `pattern` finds out of the meetings and agenda items of a firm's partnerships, and out of the firm's own
/// notes. Another firm's notes are not looked at: it is not to be told by them who was erased.
pub async fn redact(
    tx: &Tx,
    (firm_id, actor_id): (Uuid, Option<Uuid>),
    pattern: &str,
    now: Timestamp,
) -> ApiResult<()> {
    let meetings = store::redact_meetings(tx, firm_id, pattern, now).await?;
    let items = store::redact_items(tx, firm_id, pattern, now).await?;
    let notes = store::redact_notes(tx, firm_id, pattern, now).await?;
    let all = [
        (Kind::Meeting, meetings),
        (Kind::AgendaItem, items),
        (Kind::MeetingNote, notes),
    ];
    for (kind, touched) in all {
        for one in touched {
            let firms = match kind {
                Kind::MeetingNote => vec![firm_id],
                _ => vec![one.proposer_firm_id, one.recipient_firm_id],
            };
            let change = Change::of(actor_id, kind, one.id, "updated", now)
                .version(one.version)
                .within(one.partnership_id)
                .seen_by(firms);
            changes::record(tx, change).await?;
        }
    }
    Ok(())
}

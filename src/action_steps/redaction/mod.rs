//! What erasing a client does to action steps; [`crate::erasure`] does the whole of it.

mod store;

use uuid::Uuid;

use crate::changes::{self, Change, Kind};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Takes every word out of the steps that hang on a client's introductions, and what `pattern` finds out
/// of the other steps of the firm's partnerships. Dates, states and owners stay. Both parties are told.
pub async fn redact(
    tx: &Tx,
    (firm_id, actor_id): (Uuid, Option<Uuid>),
    introductions: &[Uuid],
    pattern: Option<&str>,
    now: Timestamp,
) -> ApiResult<()> {
    for step in store::redact(tx, firm_id, introductions, pattern, now).await? {
        let change = Change::of(actor_id, Kind::ActionStep, step.id, "updated", now)
            .version(step.version)
            .within(step.partnership_id)
            .seen_by([step.proposer_firm_id, step.recipient_firm_id]);
        changes::record(tx, change).await?;
    }
    Ok(())
}

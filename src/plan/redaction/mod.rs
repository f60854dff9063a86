//! What erasing a client does to the texts of plans; [`crate::erasure`] does the whole of it.

mod store;

use uuid::Uuid;

use crate::changes::{self, Change, Kind};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Takes what `pattern` finds out of the plans of a firm's partnerships, versions in force among them: that
/// a person is forgotten comes before that what was agreed never changes. Another firm's drafts are not
/// looked at.
pub async fn redact(
    tx: &Tx,
    (firm_id, actor_id): (Uuid, Option<Uuid>),
    pattern: &str,
    now: Timestamp,
) -> ApiResult<()> {
    let versions = store::redact_versions(tx, firm_id, pattern, now).await?;
    let decisions = store::redact_decisions(tx, firm_id, pattern).await?;
    let waivers = store::redact_waivers(tx, firm_id, pattern).await?;
    let kinds = [
        (Kind::PlanVersion, versions),
        (Kind::PlanDecision, decisions),
        (Kind::PlanWaiver, waivers),
    ];
    for (kind, redacted) in kinds {
        for one in redacted {
            let change = Change::of(actor_id, kind, one.id, "updated", now)
                .version(one.version)
                .within(one.partnership_id)
                .seen_by(one.firms(firm_id));
            changes::record(tx, change).await?;
        }
    }
    Ok(())
}

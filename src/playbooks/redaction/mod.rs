//! What erasing a client does to playbooks; [`crate::erasure`] does the whole of it.

mod store;

use uuid::Uuid;

use crate::changes::{self, Change, Kind};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Takes what `pattern` finds out of the texts of a firm's playbooks, in all their versions: that a person is forgotten
/// comes before that a version never changes. Keys stay, since the steps are found by them. The firm is told.
pub async fn redact(
    tx: &Tx,
    (firm_id, actor_id): (Uuid, Option<Uuid>),
    pattern: &str,
    now: Timestamp,
) -> ApiResult<()> {
    for playbook in store::redact(tx, firm_id, pattern).await? {
        let change = Change::of(actor_id, Kind::Playbook, playbook.id, "updated", now)
            .version(playbook.version)
            .seen_by([firm_id]);
        changes::record(tx, change).await?;
    }
    Ok(())
}

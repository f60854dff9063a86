//! What erasing a client does to the reasons of cascades; [`crate::erasure`] does the whole of it.

mod store;

use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::error::ApiResult;

/// Takes every word out of the reasons of cascades that moved steps of a client's introductions, and what `pattern`
/// finds out of the others of the firm's partnerships. What was moved stays.
pub async fn redact(
    tx: &Tx,
    firm_id: Uuid,
    introductions: &[Uuid],
    pattern: Option<&str>,
) -> ApiResult<()> {
    store::redact(tx, firm_id, introductions, pattern).await
}

//! What follows on an agreed communication protocol.

use serde_json::json;
use uuid::Uuid;

use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::jobs;

/// The job that lays the conversations of a partnership out by the protocol in force. Its payload has the
/// `partnership_id`, and as `firm_id` one of the two firms.
pub const LAY_OUT_CONVERSATIONS: &str = "lay_out_conversations";

/// Asks for that job, in the transaction after which the conversations are others.
pub async fn lay_out_conversations(
    tx: &Tx,
    app: &App,
    (partnership_id, firm_id): (Uuid, Uuid),
) -> ApiResult<()> {
    let payload = json!({"partnership_id": partnership_id, "firm_id": firm_id});
    jobs::ask(tx, app, LAY_OUT_CONVERSATIONS, payload).await
}

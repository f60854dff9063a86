//! What it means for a firm's partnerships that the firm closes.

use super::model::{PartnershipSide, Verb};
use super::{end, propose, store};
use crate::parties::PartnershipState;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::values::Timestamp;

/// Ends all partnerships of the caller's firm, takes its proposals back and declines those made to it. The
/// other firms read the reason.
pub async fn close_all(tx: &Tx, caller: &Caller, reason: &str, now: Timestamp) -> ApiResult<()> {
    for id in store::lock_open(tx, caller.firm_id).await? {
        let open = store::find(tx, caller.firm_id, id)
            .await?
            .ok_or_else(Problem::not_found)?;
        match (open.state, open.side) {
            (PartnershipState::Proposed, PartnershipSide::Proposer) => {
                propose::advance(tx, caller, &open, Verb::Withdraw, None, now).await?;
            }
            (PartnershipState::Proposed, PartnershipSide::Recipient) => {
                propose::advance(tx, caller, &open, Verb::Decline, Some(reason), now).await?;
            }
            _ => {
                end::end(tx, caller, &open, reason, now).await?;
            }
        }
    }
    Ok(())
}

//! The fit of an introduction: kept as it was when it was offered, and weighed anew whenever it is asked.

pub(super) mod get;
mod store;

use uuid::Uuid;

use super::model::{Direction, Introduction};
use crate::fit::{self, Asked, KeptFit};
use crate::parties::Side;
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{ApiResult, Error};

/// The side that receives the client, as the caller's firm sees it.
fn receiver(introduction: &Introduction) -> Side {
    match introduction.direction {
        Direction::Given => Side::Them,
        Direction::Received => Side::Us,
    }
}

/// How well the client fits now; `None` where no ideal client is agreed.
async fn weigh(
    conn: &Conn,
    firm_id: Uuid,
    introduction: &Introduction,
) -> ApiResult<Option<fit::Fit>> {
    let ideal = fit::ideal_client(conn, firm_id, introduction.partnership_id).await?;
    let Some((version_id, ideal)) = ideal else {
        return Ok(None);
    };
    let client = &introduction.client;
    let known = fit::known(&client.attributes, client.traits.clone())?;
    let asked = Asked::by(version_id, &ideal, receiver(introduction));
    Ok(Some(asked.weigh(&known)))
}

/// Keeps the fit that an introduction has now, which is held; its move along an arrow tells of it.
pub(super) async fn keep(tx: &Tx, caller: &Caller, introduction: &Introduction) -> ApiResult<()> {
    let Some(fit) = weigh(tx, caller.firm_id, introduction).await? else {
        return Ok(());
    };
    let kept = serde_json::to_value(KeptFit::from(&fit));
    let kept = kept.map_err(|error| Error::broken(error.to_string()))?;
    store::keep(tx, caller.firm_id, introduction.id, kept).await
}

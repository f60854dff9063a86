//! What is told when a consent is recorded or ends.

use uuid::Uuid;

use super::store;
use crate::changes;
use crate::clients::{Consent, events};
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

/// Tells the caller's firm of its consent, and both firms of the introductions that look different to
/// the partner from now on.
pub async fn tell(
    tx: &Tx,
    caller: &Caller,
    consent: &Consent,
    action: &'static str,
    at: Timestamp,
) -> ApiResult<()> {
    let (firm_id, actor_id) = (caller.firm_id, Some(caller.actor_id()));
    let what = (consent.id, consent.partnership_id, consent.version);
    changes::record(tx, events::consent(firm_id, actor_id, what, action, at)).await?;
    tell_seals(
        tx,
        (firm_id, actor_id),
        (consent.client_id, consent.partner_firm_id),
        at,
    )
    .await
}

/// Tells both firms of the introductions that look different to the partner from now on.
pub async fn tell_seals(
    tx: &Tx,
    (firm_id, actor_id): (Uuid, Option<Uuid>),
    (client_id, partner_firm_id): (Uuid, Uuid),
    at: Timestamp,
) -> ApiResult<()> {
    for seen in store::touched(tx, client_id, partner_firm_id).await? {
        changes::record(tx, events::seal_changed(firm_id, actor_id, &seen, at)).await?;
    }
    Ok(())
}

/// Tells of consents whose last day is over, which nobody ended.
pub async fn tell_expired(tx: &Tx, ended: &[store::Expired], at: Timestamp) -> ApiResult<()> {
    for one in ended {
        let what = (one.id, one.partnership_id, one.version);
        changes::record(tx, events::consent(one.firm_id, None, what, "expire", at)).await?;
        let seal = (one.client_id, one.partner_firm_id);
        tell_seals(tx, (one.firm_id, None), seal, at).await?;
    }
    Ok(())
}

//! Accepts a proposed partnership.

use actix_web::http::StatusCode;
use actix_web::post;

use super::model::{Partnership, Verb};
use super::{lead, policy, propose};
use crate::members;
use crate::parties::PartnershipPath;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer};
use crate::platform::values::Timestamp;

pub(super) struct AcceptPartnership;

impl Action for AcceptPartnership {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = Partnership;

    fn judge(_: &Caller, partnership: &Partnership) -> Verdict {
        policy::may(Verb::Accept, partnership.side)
    }
}

/// Accept a partnership.
///
/// The two then see who the other is, and explore what they agree on. The recipient alone. Your lead is
/// the member whom it was proposed to; where that one may not commit your firm, whoever accepts.
#[utoipa::path(tag = "partnerships", params(PartnershipPath), security(("person" = [])),
    responses((status = 200, description = "The partnership.", body = Partnership)))]
#[post("/v1/partnerships/{partnership_id}/accept")]
pub(super) async fn accept_partnership(
    partnership: Allowed<AcceptPartnership>,
    app: App,
) -> ApiResult<Answer<Partnership>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    partnership
        .once(StatusCode::OK, async |tx| {
            accept(tx, caller, &partnership, now).await
        })
        .await
}

/// Accepts it, and sees to it that the party has a lead who may commit the firm. The firm is held, so
/// that the lead stays one until this commits.
pub async fn accept(
    tx: &Tx,
    caller: &Caller,
    proposed: &Partnership,
    now: Timestamp,
) -> ApiResult<Partnership> {
    members::hold(tx, &[caller.firm_id]).await?;
    let named = members::find_lead(tx, caller.firm_id, proposed.us.lead_id).await?;
    let accepted = propose::advance(tx, caller, proposed, Verb::Accept, None, now).await?;
    match caller.member_id() {
        Some(member_id) if named.is_none() => {
            propose::must_lead(tx, caller.firm_id, member_id).await?;
            lead::give(tx, caller, &accepted, member_id, now).await
        }
        _ => Ok(accepted),
    }
}

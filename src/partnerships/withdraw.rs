//! Takes a proposal back.

use actix_web::http::StatusCode;
use actix_web::post;

use super::model::{Partnership, Verb};
use super::{policy, propose};
use crate::parties::PartnershipPath;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer};

pub(super) struct WithdrawPartnership;

impl Action for WithdrawPartnership {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = Partnership;

    fn judge(_: &Caller, partnership: &Partnership) -> Verdict {
        policy::may(Verb::Withdraw, partnership.side)
    }
}

/// Withdraw a proposal.
///
/// As long as it was not answered. The proposer alone.
#[utoipa::path(tag = "partnerships", params(PartnershipPath), security(("person" = [])),
    responses((status = 200, description = "The partnership.", body = Partnership)))]
#[post("/v1/partnerships/{partnership_id}/withdraw")]
pub(super) async fn withdraw_partnership(
    partnership: Allowed<WithdrawPartnership>,
    app: App,
) -> ApiResult<Answer<Partnership>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    partnership
        .once(StatusCode::OK, async |tx| {
            propose::advance(tx, caller, &partnership, Verb::Withdraw, None, now).await
        })
        .await
}

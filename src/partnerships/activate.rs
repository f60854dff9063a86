//! Begins to work together.

use actix_web::http::StatusCode;
use actix_web::post;

use super::model::{Partnership, Verb};
use super::{policy, propose};
use crate::parties::PartnershipPath;
use crate::plan;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer};
use crate::platform::values::Timestamp;

pub(super) struct ActivatePartnership;

impl Action for ActivatePartnership {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = Partnership;

    fn judge(_: &Caller, partnership: &Partnership) -> Verdict {
        policy::may(Verb::Activate, partnership.side)
    }
}

/// Activate a partnership.
///
/// From then on introductions can be offered and accepted. Either party, once the foundation stands: the first three
/// sections of the plan in force, or waived by both, and both decided to proceed. Until then the 409 says in `gaps` what it
/// lacks and whose turn it is.
#[utoipa::path(tag = "partnerships", params(PartnershipPath), security(("person" = [])),
    responses((status = 200, description = "The partnership.", body = Partnership)))]
#[post("/v1/partnerships/{partnership_id}/activate")]
pub(super) async fn activate_partnership(
    partnership: Allowed<ActivatePartnership>,
    app: App,
) -> ApiResult<Answer<Partnership>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    partnership
        .once(StatusCode::OK, async |tx| {
            activate(tx, caller, &partnership, now).await
        })
        .await
}

/// Begins to work together. The arrow comes first: it holds the partnership, which decisions and waivers
/// hold as well, so that what is looked at then does not change any more.
pub async fn activate(
    tx: &Tx,
    caller: &Caller,
    partnership: &Partnership,
    now: Timestamp,
) -> ApiResult<Partnership> {
    let active = propose::advance(tx, caller, partnership, Verb::Activate, None, now).await?;
    plan::must_stand(tx, active.id, caller.firm_id).await?;
    Ok(active)
}

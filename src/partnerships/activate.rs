//! Begins to work together.

use actix_web::http::StatusCode;
use actix_web::post;

use super::model::{Partnership, Verb};
use super::{policy, propose};
use crate::parties::PartnershipPath;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer};

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
/// From then on introductions can be offered and accepted. Either party.
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
            propose::advance(tx, caller, &partnership, Verb::Activate, None, now).await
        })
        .await
}

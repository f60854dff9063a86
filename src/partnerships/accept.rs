//! Accepts a proposed partnership.

use actix_web::http::StatusCode;
use actix_web::post;

use super::model::{Partnership, Verb};
use super::{policy, propose};
use crate::parties::PartnershipPath;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer};

pub(super) struct AcceptPartnership;

impl Action for AcceptPartnership {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = Partnership;

    fn judge(_: &Caller, partnership: &Partnership) -> Verdict {
        policy::may(Verb::Accept, partnership.side)
    }
}

/// Accepts a proposed partnership.
///
/// The two then see who the other is, and explore what they agree on. The recipient alone.
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
            propose::advance(tx, caller, &partnership, Verb::Accept, None, now).await
        })
        .await
}

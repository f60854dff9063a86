//! Goes on after a pause.

use actix_web::http::StatusCode;
use actix_web::post;

use super::model::{Partnership, Verb};
use super::{policy, propose};
use crate::parties::PartnershipPath;
use crate::plan;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer};

pub(super) struct ResumePartnership;

impl Action for ResumePartnership {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = Partnership;

    fn judge(_: &Caller, partnership: &Partnership) -> Verdict {
        policy::may(Verb::Resume, partnership.side)
    }
}

/// Resume a partnership.
///
/// Introductions can be offered and accepted again. Either party, whichever paused it.
#[utoipa::path(tag = "partnerships", params(PartnershipPath), security(("person" = [])),
    responses((status = 200, description = "The partnership.", body = Partnership)))]
#[post("/v1/partnerships/{partnership_id}/resume")]
pub(super) async fn resume_partnership(
    partnership: Allowed<ResumePartnership>,
    app: App,
) -> ApiResult<Answer<Partnership>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    partnership
        .once(StatusCode::OK, async |tx| {
            let resumed =
                propose::advance(tx, caller, &partnership, Verb::Resume, None, now).await?;
            plan::lay_out_conversations(tx, &app, (resumed.id, caller.firm_id)).await?;
            Ok(resumed)
        })
        .await
}

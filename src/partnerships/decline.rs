//! Declines a proposed partnership.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Partnership, Verb};
use super::{policy, propose};
use crate::parties::PartnershipPath;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Json};

pub(super) struct RefusePartnership;

impl Action for RefusePartnership {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = Partnership;

    fn judge(_: &Caller, partnership: &Partnership) -> Verdict {
        policy::may(Verb::Decline, partnership.side)
    }
}

/// Why a proposal is declined.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "We work with another firm in this field."}))]
pub struct DeclinePartnership {
    /// The reason; the other party reads it.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Decline a partnership.
///
/// With a reason, which the proposer reads. The recipient alone.
#[utoipa::path(tag = "partnerships", params(PartnershipPath), security(("person" = [])),
    responses((status = 200, description = "The partnership.", body = Partnership)))]
#[post("/v1/partnerships/{partnership_id}/decline")]
pub(super) async fn decline_partnership(
    partnership: Allowed<RefusePartnership>,
    Json(body): Json<DeclinePartnership>,
    app: App,
) -> ApiResult<Answer<Partnership>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    partnership
        .once(StatusCode::OK, async |tx| {
            propose::advance(
                tx,
                caller,
                &partnership,
                Verb::Decline,
                Some(body.reason.as_str()),
                now,
            )
            .await
        })
        .await
}

//! Interrupts a partnership.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Partnership, Verb};
use super::{policy, propose};
use crate::meetings;
use crate::parties::PartnershipPath;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Json};

pub(super) struct InterruptPartnership;

impl Action for InterruptPartnership {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = Partnership;

    fn judge(_: &Caller, partnership: &Partnership) -> Verdict {
        policy::may(Verb::Pause, partnership.side)
    }
}

/// Why a partnership is paused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Our season leaves no time before May."}))]
pub struct PausePartnership {
    /// The reason; the other party reads it.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Pause a partnership.
///
/// With a reason, which the other party reads. Until it is resumed no introduction is offered or accepted, and the
/// meetings that are to come are cancelled; all else goes on. Either party.
#[utoipa::path(tag = "partnerships", params(PartnershipPath), security(("person" = [])),
    responses((status = 200, description = "The partnership.", body = Partnership)))]
#[post("/v1/partnerships/{partnership_id}/pause")]
pub(super) async fn pause_partnership(
    partnership: Allowed<InterruptPartnership>,
    Json(body): Json<PausePartnership>,
    app: App,
) -> ApiResult<Answer<Partnership>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    partnership
        .once(StatusCode::OK, async |tx| {
            let reason = Some(body.reason.as_str());
            let paused =
                propose::advance(tx, caller, &partnership, Verb::Pause, reason, now).await?;
            meetings::cancel_planned(tx, caller, partnership.id, now).await?;
            Ok(paused)
        })
        .await
}

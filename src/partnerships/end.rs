//! Ends a partnership.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Partnership, Verb};
use super::{policy, propose};
use crate::parties::PartnershipPath;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Timestamp;
use crate::{action_steps, introductions, meetings};

pub(super) struct LeavePartnership;

impl Action for LeavePartnership {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = Partnership;

    fn judge(_: &Caller, partnership: &Partnership) -> Verdict {
        policy::may(Verb::End, partnership.side)
    }
}

/// Why a partnership is ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "We have agreed to part."}))]
pub struct EndPartnership {
    /// The reason; the other party reads it.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// End a partnership.
///
/// With a reason, which the other party reads. Drafts and open offers are withdrawn; what was accepted can
/// still be reported on. Action steps that were not accepted are cancelled, as are meetings to come; the others can be
/// read and move no more. Either party.
#[utoipa::path(tag = "partnerships", params(PartnershipPath), security(("person" = [])),
    responses((status = 200, description = "The partnership.", body = Partnership)))]
#[post("/v1/partnerships/{partnership_id}/end")]
pub(super) async fn end_partnership(
    partnership: Allowed<LeavePartnership>,
    Json(body): Json<EndPartnership>,
    app: App,
) -> ApiResult<Answer<Partnership>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    partnership
        .once(StatusCode::OK, async |tx| {
            end(tx, caller, &partnership, &body.reason, now).await
        })
        .await
}

/// Ends it, with what follows from that: drafts and open offers are withdrawn, steps that nobody has
/// promised yet and meetings that are to come are cancelled. What was promised stays to be read and moves no more. The end itself is
/// told last, so that whoever acts on it finds the rest done.
pub(super) async fn end(
    tx: &Tx,
    caller: &Caller,
    partnership: &Partnership,
    reason: &str,
    now: Timestamp,
) -> ApiResult<Partnership> {
    let ended = propose::go(tx, caller, partnership, Verb::End, Some(reason), now).await?;
    introductions::withdraw_open(tx, caller, partnership.id, now).await?;
    action_steps::cancel_proposed(tx, caller, partnership.id, now).await?;
    meetings::cancel_planned(tx, caller, partnership.id, now).await?;
    propose::tell(tx, caller, &ended, Verb::End.word()).await?;
    Ok(ended)
}

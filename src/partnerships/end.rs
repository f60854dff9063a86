//! Ends a partnership.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Partnership, Verb};
use super::{policy, propose, store};
use crate::introductions;
use crate::parties::PartnershipPath;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Json};

pub(super) struct LeavePartnership;

impl Action for LeavePartnership {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = Partnership;

    async fn find(
        app: &App,
        caller: &Caller,
        path: PartnershipPath,
    ) -> ApiResult<Option<Partnership>> {
        app.db
            .read(async |conn| store::find(conn, caller.firm_id, path.partnership_id).await)
            .await
    }

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

/// Ends a partnership.
///
/// With a reason, which the other party reads. Drafts and open offers are withdrawn; what was accepted can still be reported on. Either party.
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
            let moved = propose::advance(
                tx,
                caller,
                &partnership,
                Verb::End,
                Some(body.reason.as_str()),
                now,
            )
            .await?;
            introductions::withdraw_open(tx, caller, partnership.id, now).await?;
            Ok(moved)
        })
        .await
}

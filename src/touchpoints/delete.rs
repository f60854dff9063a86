//! Removes a touchpoint.

use actix_web::{HttpResponse, delete};

use super::get::TouchpointPath;
use super::model::Touchpoint;
use super::{events, policy, store};
use crate::parties;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, no_content};

pub(super) struct RemoveTouchpoint;

impl Action for RemoveTouchpoint {
    const RULE: Rule = policy::PREPARE;
    type Path = TouchpointPath;
    type Subject = Touchpoint;

    fn judge(_: &Caller, touchpoint: &Touchpoint) -> Verdict {
        policy::may_write(touchpoint)
    }
}

/// Remove a touchpoint.
///
/// One that your party wrote, while the partnership lives. It is gone and counts no more, and the change feeds of
/// those who saw it say so.
#[utoipa::path(tag = "touchpoints", params(TouchpointPath),
    security(("person" = []), ("machine" = [RemoveTouchpoint::SCOPE])),
    responses((status = 204, description = "It is removed."),
        (status = 409, description = "The partnership has ended.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json")))]
#[delete("/v1/touchpoints/{touchpoint_id}")]
pub(super) async fn delete_touchpoint(
    touchpoint: Allowed<RemoveTouchpoint>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now) = (touchpoint.caller(), app.clock.now());
    app.db
        .write(async |tx| {
            let held = parties::hold(tx, touchpoint.partnership_id, caller.firm_id).await?;
            held.ok_or_else(Problem::not_found)?;
            let removed = store::remove(tx, caller.firm_id, &touchpoint).await?;
            let removed = removed.ok_or_else(Problem::not_found)?;
            events::tell(tx, caller, (&removed, "deleted"), now).await
        })
        .await?;
    Ok(no_content())
}

//! Confirms a contribution.

use actix_web::http::StatusCode;
use actix_web::post;

use super::get::ContributionPath;
use super::model::{Contribution, Verb};
use super::moved::advance;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer};
use crate::reciprocity::policy;

pub struct ConfirmIt;

impl Action for ConfirmIt {
    const RULE: Rule = policy::COMMIT;
    type Path = ContributionPath;
    type Subject = Contribution;

    fn judge(_: &Caller, contribution: &Contribution) -> Verdict {
        policy::may(Verb::Confirm, contribution.direction)
    }
}

/// Confirm a contribution.
///
/// The party that it was given to says so too: from then on it counts.
#[utoipa::path(tag = "reciprocity", params(ContributionPath), security(("person" = [])),
    responses((status = 200, description = "The contribution.", body = Contribution)))]
#[post("/v1/contributions/{contribution_id}/confirm")]
pub async fn confirm_contribution(
    contribution: Allowed<ConfirmIt>,
    app: App,
) -> ApiResult<Answer<Contribution>> {
    let (caller, now) = (contribution.caller(), app.clock.now());
    contribution
        .once(StatusCode::OK, async |tx| {
            advance(tx, caller, &contribution, (Verb::Confirm, None), now).await
        })
        .await
}

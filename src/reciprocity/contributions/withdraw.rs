//! Takes a contribution back.

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

pub struct TakeBack;

impl Action for TakeBack {
    const RULE: Rule = policy::PREPARE;
    type Path = ContributionPath;
    type Subject = Contribution;

    fn judge(_: &Caller, contribution: &Contribution) -> Verdict {
        policy::may(Verb::Withdraw, contribution.direction)
    }
}

/// Withdraw a contribution.
///
/// The party that recorded it takes it back, while the other has not answered.
#[utoipa::path(tag = "reciprocity", params(ContributionPath), security(("person" = []), ("machine" = [TakeBack::SCOPE])),
    responses((status = 200, description = "The contribution.", body = Contribution)))]
#[post("/v1/contributions/{contribution_id}/withdraw")]
pub async fn withdraw_contribution(
    contribution: Allowed<TakeBack>,
    app: App,
) -> ApiResult<Answer<Contribution>> {
    let (caller, now) = (contribution.caller(), app.clock.now());
    contribution
        .once(StatusCode::OK, async |tx| {
            advance(tx, caller, &contribution, (Verb::Withdraw, None), now).await
        })
        .await
}

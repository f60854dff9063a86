//! Declines a contribution.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::get::ContributionPath;
use super::model::{Contribution, Verb};
use super::moved::advance;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::reciprocity::policy;

pub struct RefuseIt;

impl Action for RefuseIt {
    const RULE: Rule = policy::COMMIT;
    type Path = ContributionPath;
    type Subject = Contribution;

    fn judge(_: &Caller, contribution: &Contribution) -> Verdict {
        policy::may(Verb::Decline, contribution.direction)
    }
}

/// Why it is not confirmed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "That was paid for."}))]
pub struct DeclineContribution {
    /// The reason; the other party reads it.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub reason: String,
}

/// Decline a contribution.
///
/// The party that it was given to does not say so, and tells why; it does not count.
#[utoipa::path(tag = "reciprocity", params(ContributionPath), security(("person" = [])),
    responses((status = 200, description = "The contribution.", body = Contribution)))]
#[post("/v1/contributions/{contribution_id}/decline")]
pub async fn decline_contribution(
    contribution: Allowed<RefuseIt>,
    Json(body): Json<DeclineContribution>,
    app: App,
) -> ApiResult<Answer<Contribution>> {
    let (caller, now) = (contribution.caller(), app.clock.now());
    contribution
        .once(StatusCode::OK, async |tx| {
            advance(
                tx,
                caller,
                &contribution,
                (Verb::Decline, Some(&body.reason)),
                now,
            )
            .await
        })
        .await
}

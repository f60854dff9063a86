//! Decline an introduction.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::advance::{Report, advance};
use super::get::IntroductionPath;
use super::model::{Introduction, ReasonCode, Verb};
use super::policy;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Json};

pub(super) struct DeclineOffer;

impl Action for DeclineOffer {
    const RULE: Rule = policy::COMMIT;
    type Path = IntroductionPath;
    type Subject = Introduction;

    fn judge(_: &Caller, introduction: &Introduction) -> Verdict {
        policy::may(Verb::Decline, introduction.direction)
    }
}

/// Why an introduction is declined.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "conflict_of_interest", "note": "We act for the buyer."}))]
pub struct DeclineIntroduction {
    /// The reason.
    pub reason: ReasonCode,
    /// The same in words; the introducer reads it.
    #[schema(min_length = 1, max_length = 1000)]
    pub note: Option<String>,
}

/// Decline an introduction.
///
/// With a reason, the receiver alone: an offer, or what it has accepted when it then finds a conflict. The client's identity is sealed again.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [DeclineOffer::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[post("/v1/introductions/{introduction_id}/decline")]
pub(super) async fn decline_introduction(
    introduction: Allowed<DeclineOffer>,
    Json(body): Json<DeclineIntroduction>,
    app: App,
) -> ApiResult<Answer<Introduction>> {
    introduction
        .once(StatusCode::OK, async |tx| {
            let report = Report {
                reason: Some(body.reason),
                reason_note: body.note.as_deref(),
                ..Report::default()
            };
            advance(
                tx,
                &app,
                introduction.caller(),
                &introduction,
                Verb::Decline,
                report,
            )
            .await
        })
        .await
}

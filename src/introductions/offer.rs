//! Offer an introduction.

use actix_web::http::StatusCode;
use actix_web::post;

use super::advance::{Report, advance};
use super::get::IntroductionPath;
use super::model::{Introduction, Verb};
use super::policy;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer};

pub(super) struct OfferIntroduction;

impl Action for OfferIntroduction {
    const RULE: Rule = policy::COMMIT;
    type Path = IntroductionPath;
    type Subject = Introduction;

    fn judge(_: &Caller, introduction: &Introduction) -> Verdict {
        policy::may(Verb::Offer, introduction.direction)
    }
}

/// Offer an introduction.
///
/// To the partner, who then sees figures and traits but not who the client is. The introducer alone; the partnership must be active.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [OfferIntroduction::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[post("/v1/introductions/{introduction_id}/offer")]
pub(super) async fn offer_introduction(
    introduction: Allowed<OfferIntroduction>,
    app: App,
) -> ApiResult<Answer<Introduction>> {
    introduction
        .once(StatusCode::OK, async |tx| {
            let report = Report::default();
            advance(
                tx,
                &app,
                introduction.caller(),
                &introduction,
                Verb::Offer,
                report,
            )
            .await
        })
        .await
}

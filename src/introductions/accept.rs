//! Accept an introduction.

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

pub(super) struct AcceptIntroduction;

impl Action for AcceptIntroduction {
    const RULE: Rule = policy::COMMIT;
    type Path = IntroductionPath;
    type Subject = Introduction;

    fn judge(_: &Caller, introduction: &Introduction) -> Verdict {
        policy::may(Verb::Accept, introduction.direction)
    }
}

/// Accept an introduction.
///
/// The receiver alone; the partnership must be active. With the client's consent, the receiver then sees who the client is.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [AcceptIntroduction::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[post("/v1/introductions/{introduction_id}/accept")]
pub(super) async fn accept_introduction(
    introduction: Allowed<AcceptIntroduction>,
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
                Verb::Accept,
                report,
            )
            .await
        })
        .await
}

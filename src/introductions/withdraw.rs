//! Withdraw an introduction.

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

pub(super) struct WithdrawIntroduction;

impl Action for WithdrawIntroduction {
    const RULE: Rule = policy::COMMIT;
    type Path = IntroductionPath;
    type Subject = Introduction;

    fn judge(_: &Caller, introduction: &Introduction) -> Verdict {
        policy::may(Verb::Withdraw, introduction.direction)
    }
}

/// Withdraw an introduction.
///
/// At any open stage, the introducer alone. The client's identity is sealed again.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [WithdrawIntroduction::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[post("/v1/introductions/{introduction_id}/withdraw")]
pub(super) async fn withdraw_introduction(
    introduction: Allowed<WithdrawIntroduction>,
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
                Verb::Withdraw,
                report,
            )
            .await
        })
        .await
}

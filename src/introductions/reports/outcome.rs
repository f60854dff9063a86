//! Records what became of the client.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::store;
use crate::changes;
use crate::introductions::get::IntroductionPath;
use crate::introductions::model::Introduction;
use crate::introductions::store::{self as introductions, Viewer};
use crate::introductions::{events, policy};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};

pub struct ReportOutcome;

impl Action for ReportOutcome {
    const RULE: Rule = policy::COMMIT;
    type Path = IntroductionPath;
    type Subject = Introduction;

    fn judge(_: &Caller, introduction: &Introduction) -> Verdict {
        policy::may_tell_outcome(introduction.direction)
    }
}

/// What became of a client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"words": "Her practice was sold without a surprise in tax.", "rating": 5}))]
pub struct RecordOutcome {
    /// What the client gained; the introducer reads it. Name no names.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub words: String,
    /// What the client gave it, 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    pub rating: Option<i16>,
}

/// Record what became of the client.
///
/// The receiver alone, once they have met; recorded again, it replaces what was said before. The
/// introducer learns of it, since the clients are whom all this is for.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [ReportOutcome::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[post("/v1/introductions/{introduction_id}/outcome")]
pub async fn record_outcome(
    introduction: Allowed<ReportOutcome>,
    Json(body): Json<RecordOutcome>,
    app: App,
) -> ApiResult<Answer<Introduction>> {
    let (caller, now) = (introduction.caller(), app.clock.now());
    introduction
        .once(StatusCode::OK, async |tx| {
            let content = (body.words.trim(), body.rating);
            let viewer = Viewer::new(caller, now);
            let Some(told) = store::set_outcome(tx, viewer, introduction.id, content).await? else {
                let current =
                    introductions::judge(tx, caller.firm_id, introduction.id, now).await?;
                let current = current.ok_or_else(Problem::not_found)?;
                let allowed = policy::allowed(&current);
                return Err(Problem::state_forbids(current.stage.as_str(), &allowed).into());
            };
            changes::record(tx, events::done(caller, &told, "outcome")).await?;
            Ok(told)
        })
        .await
}

//! Records a stage that an introduction has reached.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::advance::{Report, advance};
use super::get::IntroductionPath;
use super::model::{Introduction, ReasonCode, ReportedStage, Verb};
use super::policy;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::{Date, Money};

pub(super) struct ReportStage;

/// Which side may report depends on the stage, so the handler asks the policy once it is known.
impl Action for ReportStage {
    const RULE: Rule = policy::COMMIT;
    type Path = IntroductionPath;
    type Subject = Introduction;
}

/// A stage that was reached.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"stage": "met", "occurred_on": "2026-03-02"}))]
pub struct RecordStage {
    /// The stage.
    pub stage: ReportedStage,
    /// When it happened, in your firm's zone; today unless told.
    pub occurred_on: Option<Date>,
    /// With `not_engaged`: why.
    pub reason: Option<ReasonCode>,
    /// More about it.
    #[schema(min_length = 1, max_length = 1000)]
    pub note: Option<String>,
    /// With `engaged`: what it came to be worth.
    pub realised_value: Option<Money>,
    /// Which version of the core story the client was told at the outset: one that both parties have agreed.
    pub core_story_id: Option<Uuid>,
}

/// Asks that reason and value go with the stage that is reported.
pub(super) fn fits(
    stage: Option<ReportedStage>,
    reason: Option<ReasonCode>,
    realised_value: Option<&Money>,
) -> ApiResult<()> {
    let (pointer, detail) = match (stage, reason, realised_value) {
        (Some(ReportedStage::NotEngaged), None, _) => ("/reason", "Say why it came to nothing."),
        (stage, Some(_), _) if stage != Some(ReportedStage::NotEngaged) => {
            ("/reason", "Only `not_engaged` has a reason.")
        }
        (stage, _, Some(_)) if stage != Some(ReportedStage::Engaged) => {
            ("/realised_value", "Only `engaged` has a value.")
        }
        _ => return Ok(()),
    };
    Err(Problem::invalid_field(pointer, "stage", detail).into())
}

/// Asks that a core story goes with a stage at which the client has been introduced.
pub(super) fn was_told(stage: Option<ReportedStage>, core_story_id: Option<Uuid>) -> ApiResult<()> {
    let is_introduced = stage.is_some_and(|stage| stage != ReportedStage::NotEngaged);
    if core_story_id.is_none() || is_introduced {
        return Ok(());
    }
    let detail = "Only somebody who was introduced was told a story.";
    Err(Problem::invalid_field("/core_story_id", "stage", detail).into())
}

/// Record a stage.
///
/// What has happened since the receiver accepted. Stages may be skipped forward. Either party records
/// `introduced`; what follows, the receiver. All but `not_engaged` need the client's consent.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [ReportStage::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[post("/v1/introductions/{introduction_id}/stages")]
pub(super) async fn record_stage(
    introduction: Allowed<ReportStage>,
    Json(body): Json<RecordStage>,
    app: App,
) -> ApiResult<Answer<Introduction>> {
    let verb = Verb::Record(body.stage);
    policy::may(verb, introduction.direction)?;
    fits(Some(body.stage), body.reason, body.realised_value.as_ref())?;
    was_told(Some(body.stage), body.core_story_id)?;
    introduction
        .once(StatusCode::OK, async |tx| {
            let report = Report {
                occurred_on: body.occurred_on,
                reason: body.reason,
                reason_note: body.note.as_deref(),
                realised: body.realised_value.as_ref(),
                core_story_id: body.core_story_id,
            };
            advance(tx, &app, introduction.caller(), &introduction, verb, report).await
        })
        .await
}

//! Corrects the report of a stage.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Report};
use crate::introductions::advance::{consent_is_missing, not_in_the_future, was_agreed};
use crate::introductions::get::IntroductionPath;
use crate::introductions::model::{CorrectedStage, Introduction, ReasonCode, Stage, Verb};
use crate::introductions::store::Viewer;
use crate::introductions::{events, policy, record};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::{Date, Money};
use crate::{changes, firms};

pub struct CorrectReport;

/// Whose report it is, is known once it is held: the handler asks then.
impl Action for CorrectReport {
    const RULE: Rule = policy::COMMIT;
    type Path = IntroductionPath;
    type Subject = Introduction;
}

/// What a report should have said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"stage": "meeting_set", "occurred_on": "2026-03-02", "correction_reason": "They have a date, but have not met."}))]
pub struct CorrectStage {
    /// The stage that was really reached; the same to correct the rest.
    pub stage: CorrectedStage,
    /// When it happened, in your firm's zone. Unless told it is today, or at the stage before what its
    /// report said.
    pub occurred_on: Option<Date>,
    /// With `not_engaged`: why.
    pub reason: Option<ReasonCode>,
    /// More about it.
    #[schema(min_length = 1, max_length = 1000)]
    pub note: Option<String>,
    /// With `engaged`: what it came to be worth.
    pub realised_value: Option<Money>,
    /// Which version of the core story the client was told at the outset; unless told, what was reported before.
    pub core_story_id: Option<Uuid>,
    /// Why it is corrected; both parties read it in the history.
    #[schema(min_length = 1, max_length = 1000)]
    pub correction_reason: String,
}

/// Correct a stage.
///
/// The party that recorded the present stage replaces its report: by another stage that could have
/// been recorded instead, by the stage before when nothing had happened, or by the same with another
/// date, reason or value. What was recorded first stays in the history.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [CorrectReport::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[post("/v1/introductions/{introduction_id}/correct")]
pub async fn correct_stage(
    introduction: Allowed<CorrectReport>,
    Json(body): Json<CorrectStage>,
    app: App,
) -> ApiResult<Answer<Introduction>> {
    record::fits(
        body.stage.reported(),
        body.reason,
        body.realised_value.as_ref(),
    )?;
    record::was_told(body.stage.reported(), body.core_story_id)?;
    let caller = introduction.caller();
    introduction
        .once(StatusCode::OK, async |tx| {
            correct(tx, &app, caller, &introduction, &body).await
        })
        .await
}

async fn correct(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    introduction: &Introduction,
    body: &CorrectStage,
) -> ApiResult<Introduction> {
    let now = app.clock.now();
    let zone = firms::zone(tx, caller.firm_id).await?;
    let today = now.date_in(&zone);
    not_in_the_future(body.occurred_on, today)?;
    let report = store::hold_report(tx, caller.firm_id, introduction.id).await?;
    let report = report.ok_or_else(Problem::not_found)?;
    let to = body.stage.stage();
    let came_from = may_be_replaced(caller, introduction, report, body.stage)?;
    // Back at the stage before, the report of that one stands again.
    let standing = if to == came_from && to != report.stage {
        store::find_report(tx, introduction.id, to, report.version).await?
    } else {
        None
    };
    let needs_consent = body
        .stage
        .reported()
        .is_some_and(|reported| Verb::Record(reported).needs_consent() && to != report.stage);
    let occurred_on = body
        .occurred_on
        .or(standing.map(|standing| standing.occurred_on))
        .unwrap_or(today);
    if let Some(story_id) = body.core_story_id {
        was_agreed(tx, caller, introduction, story_id, (occurred_on, &zone)).await?;
    }
    let correction = store::Correction {
        id: introduction.id,
        corrects: report.version,
        to,
        came_from: standing.map_or(Some(came_from), |standing| standing.came_from),
        reported_by_firm_id: standing.map_or(report.reported_by_firm_id, |standing| {
            standing.reported_by_firm_id
        }),
        needs_consent,
        occurred_on,
        reason: body.reason,
        reason_note: body.note.as_deref(),
        realised: body.realised_value.as_ref(),
        core_story_id: body.core_story_id,
        correction_reason: &body.correction_reason,
    };
    let corrected = store::correct(tx, Viewer::new(caller, now), &correction).await?;
    let corrected = corrected.ok_or_else(|| consent_is_missing(report.stage.as_str()))?;
    changes::record(tx, events::done(caller, &corrected, "correct")).await?;
    Ok(corrected)
}

/// The stage at which the report was made, if this caller may replace it by this.
fn may_be_replaced(
    caller: &Caller,
    introduction: &Introduction,
    report: Report,
    to: CorrectedStage,
) -> ApiResult<Stage> {
    let was_reported = CorrectedStage::ALL
        .iter()
        .any(|stage| stage.reported().is_some() && stage.stage() == report.stage);
    let came_from = report.came_from.filter(|_| was_reported);
    let came_from = came_from.ok_or_else(|| {
        Problem::state_forbids(report.stage.as_str(), &policy::allowed(introduction))
    })?;
    if report.reported_by_firm_id != caller.firm_id {
        return Err(Problem::forbidden("Only the party that recorded a stage corrects it.").into());
    }
    if let Some(reported) = to.reported() {
        policy::may(Verb::Record(reported), introduction.direction)?;
    }
    if to.can_replace(came_from) {
        Ok(came_from)
    } else {
        let possible: Vec<_> = CorrectedStage::ALL
            .iter()
            .filter(|stage| stage.can_replace(came_from))
            .map(|stage| stage.as_str())
            .collect();
        let detail = format!("It can be corrected to {}.", possible.join(", "));
        Err(Problem::invalid_field("/stage", "stage", detail).into())
    }
}

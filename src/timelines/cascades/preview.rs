//! Looks at what moving a step would move.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::CascadePreview;
use super::work_out::work_out;
use crate::action_steps::{ActionStep, StepPath};
use crate::parties;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Query, Report};
use crate::platform::values::Date;
use crate::timelines::policy;

pub struct PreviewCascade;

impl Action for PreviewCascade {
    const RULE: Rule = policy::READ;
    type Path = StepPath;
    type Subject = ActionStep;
}

/// Where the step would be moved.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PreviewQuery {
    /// The date, in the owner firm's zone.
    #[param(inline)]
    due_on: Date,
}

/// Preview a cascade.
///
/// What moving a step to a date would move: those that wait for it and would come too early; a closed one moves nothing. Nothing
/// is written.
#[utoipa::path(tag = "timelines", params(StepPath, PreviewQuery),
    security(("person" = []), ("machine" = [PreviewCascade::SCOPE])),
    responses((status = 200, description = "What would be moved.", body = CascadePreview)))]
#[get("/v1/action-steps/{action_step_id}/cascade-preview")]
pub async fn preview_cascade(
    step: Allowed<PreviewCascade>,
    Query(asked): Query<PreviewQuery>,
    app: App,
) -> ApiResult<Report<CascadePreview>> {
    let read = app.db.read(async |conn| {
        let firm_id = step.caller().firm_id;
        let party = parties::find(conn, step.partnership_id, firm_id).await?;
        let party = party.ok_or_else(Problem::not_found)?;
        work_out(conn, &party, (step.id, asked.due_on)).await
    });
    let reached = read.await?;
    Ok(Report(CascadePreview {
        partnership_id: step.partnership_id,
        action_step_id: step.id,
        moves: reached.iter().map(|one| one.told).collect(),
    }))
}

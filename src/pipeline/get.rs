//! Reads the pipeline.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::{Asked, Pipeline};
use super::store;
use crate::introductions::Direction;
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule, Scope};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, NoPath, Query, Report};
use crate::platform::values::{Date, TimeZone};
use crate::reciprocity::Window;

pub(super) struct ReadPipeline;

impl Action for ReadPipeline {
    const RULE: Rule = Rule::new(Duty::Read, Scope::ReportsRead);
    type Path = NoPath;
    type Subject = ();
}

/// Of what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PipelineQuery {
    /// Of this partnership.
    partnership_id: Option<Uuid>,
    /// Of what your firm gives, or of what it receives.
    direction: Option<Direction>,
    /// The first date of offers that count for conversion and answers, in UTC; 365 days before `to` unless told.
    #[param(inline)]
    from: Option<Date>,
    /// The first date that does not count any more; tomorrow unless told.
    #[param(inline)]
    to: Option<Date>,
}

/// Read the pipeline.
///
/// What is open, given and received, by stage and by partner, with its age and what it is expected to be worth;
/// and of what was offered in a window of dates, how much went on from stage to stage, how fast, and how soon it
/// was first answered. Each count tells where its records are read.
#[utoipa::path(tag = "pipeline", params(PipelineQuery),
    security(("person" = []), ("machine" = [ReadPipeline::SCOPE])),
    responses((status = 200, description = "The pipeline.", body = Pipeline)))]
#[get("/v1/pipeline")]
pub(super) async fn get_pipeline(
    firm: Allowed<ReadPipeline>,
    Query(query): Query<PipelineQuery>,
    app: App,
) -> ApiResult<Report<Pipeline>> {
    let (firm_id, now) = (firm.caller().firm_id, app.clock.now());
    let asked = Asked {
        partnership_id: query.partnership_id,
        direction: query.direction,
        window: Window::of(query.from, query.to, now)?,
        today: now.date_in(&TimeZone::utc()),
    };
    let counted = app
        .db
        .read(async |conn| store::count(conn, firm_id, asked).await)
        .await?;
    Ok(Report(Pipeline::of(&counted, asked)))
}

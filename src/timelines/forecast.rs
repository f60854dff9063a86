//! Reads where a timeline is heading.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::schedule::Projection;
use super::{policy, store};
use crate::firms;
use crate::parties::{PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Report};
use crate::platform::values::Date;

pub(super) struct ReadForecast;

impl Action for ReadForecast {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Where an open step is heading.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StepForecast {
    /// The step.
    pub action_step_id: Uuid,
    /// When it begins, if all goes on from today.
    pub starts_on: Date,
    /// When it is finished.
    pub finish_on: Date,
    /// By how many business days of its owner it can still slip before the end moves.
    pub slack_days: i32,
    /// Whether it can't slip at all.
    pub is_critical: bool,
}

impl From<Projection> for StepForecast {
    fn from(one: Projection) -> Self {
        Self {
            action_step_id: one.id,
            starts_on: one.starts_on,
            finish_on: one.finish_on,
            slack_days: one.slack_days,
            is_critical: one.slack_days == 0,
        }
    }
}

/// Where a timeline is heading.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Forecast {
    /// The partnership.
    pub partnership_id: Uuid,
    /// The date from which it is told, in your firm's zone.
    pub today_on: Date,
    /// When the last open step is finished; `null` where nothing is open.
    pub finish_on: Option<Date>,
    /// The critical path: the open steps that can't slip without moving that, in their order.
    pub critical_path: Vec<Uuid>,
    /// Every open step, each after all that it waits for.
    pub steps: Vec<StepForecast>,
}

/// Forecast a timeline.
///
/// When each open step is finished if all goes on from today, how much slack it has, and the critical path; by
/// what waits for what and by the days on which each party works.
#[utoipa::path(tag = "timelines", params(PartnershipPath),
    security(("person" = []), ("machine" = [ReadForecast::SCOPE])),
    responses((status = 200, description = "The forecast.", body = Forecast)))]
#[get("/v1/partnerships/{partnership_id}/forecast")]
pub(super) async fn get_forecast(
    party: Allowed<ReadForecast>,
    app: App,
) -> ApiResult<Report<Forecast>> {
    let now = app.clock.now();
    let read = app.db.read(async |conn| {
        futures_util::try_join!(store::network(conn, &party), firms::zone(conn, party.us))
    });
    let (network, zone) = read.await?;
    let today_on = now.date_in(&zone);
    let projected = network.project(today_on);
    let critical = projected.iter().filter(|one| one.slack_days == 0);
    Ok(Report(Forecast {
        partnership_id: party.partnership_id,
        today_on,
        finish_on: projected.iter().map(|one| one.finish_on).max(),
        critical_path: critical.map(|one| one.id).collect(),
        steps: projected.into_iter().map(StepForecast::from).collect(),
    }))
}

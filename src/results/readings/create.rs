//! Reports a figure by hand.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::MetricReading;
use super::store;
use crate::changes::{self, Change, Kind};
use crate::firms;
use crate::parties::{self, PartnershipPath, Party};
use crate::plan::{self, MetricKind, PlanSection, SectionBody};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::{Date, MetricKey};
use crate::results::policy;

pub struct ReportReading;

impl Action for ReportReading {
    const RULE: Rule = policy::PREPARE;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// The figure of a `custom` metric on a day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "articles", "measured_on": "2026-03-02", "figure": 2}))]
pub struct CreateMetricReading {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// A `custom` metric of the success definition in force.
    pub key: MetricKey,
    /// The day on which the figure stood so, in your firm's zone; not in the future.
    pub measured_on: Date,
    /// The figure, as it stood then: not what was added.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub figure: i64,
}

/// Report a figure by hand.
///
/// Of a metric that no record can count. Either party; of several figures of one day the last one counts.
#[utoipa::path(tag = "results", params(PartnershipPath),
    security(("person" = []), ("machine" = [ReportReading::SCOPE])),
    responses((status = 201, description = "The reading.", body = MetricReading)))]
#[post("/v1/partnerships/{partnership_id}/metric-readings")]
pub async fn create_metric_reading(
    partnership: Allowed<ReportReading>,
    Json(body): Json<CreateMetricReading>,
    app: App,
) -> ApiResult<Answer<MetricReading>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    partnership
        .once(StatusCode::CREATED, async |tx| {
            let held = parties::hold(tx, partnership.partnership_id, caller.firm_id).await?;
            let party = held.ok_or_else(Problem::not_found)?;
            let today = now.date_in(&firms::zone(tx, party.us).await?);
            if body.measured_on > today {
                let detail = "That is still to come.";
                return Err(Problem::invalid_field("/measured_on", "in_the_future", detail).into());
            }
            must_be_custom(tx, &party, body.key.as_str()).await?;
            let reading = store::Reading {
                id: body.id.unwrap_or_else(|| app.ids.id(now)),
                key: body.key.as_str(),
                measured_on: body.measured_on,
                figure: body.figure,
            };
            let made = store::insert(tx, caller, &party, &reading, now).await?;
            let change = Change::by(caller, Kind::MetricReading, made.id, "created", now)
                .within(party.partnership_id)
                .seen_by([party.us, party.them]);
            changes::record(tx, change).await?;
            Ok(made)
        })
        .await
}

/// Asks that the two have agreed a metric of this name that is reported by hand.
async fn must_be_custom(tx: &Tx, party: &Party, key: &str) -> ApiResult<()> {
    let section = PlanSection::SuccessDefinition;
    let version = plan::find_in_force(tx, party.us, party.partnership_id, section).await?;
    let is_custom = version.is_some_and(|version| match version.body {
        SectionBody::SuccessDefinition(agreed) => agreed
            .metrics
            .iter()
            .any(|metric| metric.key == key && metric.kind == MetricKind::Custom),
        _ => false,
    });
    if is_custom {
        return Ok(());
    }
    let detail = "The two have agreed no metric of this name that is reported by hand.";
    Err(Problem::invalid_field("/key", "not_agreed", detail).into())
}

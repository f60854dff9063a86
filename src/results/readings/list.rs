//! Lists the figures that were reported by hand.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::MetricReading;
use super::store;
use crate::page;
use crate::paged;
use crate::parties::{PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed};
use crate::platform::values::MetricKey;
use crate::results::policy;

page!(MetricReadingPage, MetricReading, "A page of readings.");

pub struct ListReadings;

impl Action for ListReadings {
    const RULE: Rule = policy::READ_READINGS;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Which readings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MetricReadingsQuery {
    /// Those of this metric.
    key: Option<MetricKey>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(MetricReadingsQuery);

/// List the figures that were reported by hand.
///
/// Both parties', newest first. Of several of one metric and day the newest counts.
#[utoipa::path(tag = "results", params(PartnershipPath, MetricReadingsQuery),
    security(("person" = []), ("machine" = [ListReadings::SCOPE])),
    responses((status = 200, description = "A page of readings.", body = MetricReadingPage)))]
#[get("/v1/partnerships/{partnership_id}/metric-readings")]
pub async fn list_metric_readings(
    party: Allowed<ListReadings>,
    listing: Listing<MetricReadingsQuery>,
    app: App,
) -> ApiResult<Page<MetricReading>> {
    let (id, after, rows) = (party.partnership_id, listing.after, listing.rows());
    let key = listing.filter.key.as_ref();
    let found = app
        .db
        .read(async |conn| store::list(conn, id, key, after, rows).await)
        .await?;
    Ok(listing.page(found, |reading| reading.id))
}

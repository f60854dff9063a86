//! Reads a partnership's timeline.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::list::ActionStepPage;
use super::model::StepState;
use super::{ActionStep, policy, store};
use crate::paged;
use crate::parties::{PartnershipPath, Party, Side};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed};
use crate::platform::values::Date;

pub(super) struct ReadTimeline;

impl Action for ReadTimeline {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Which part of a timeline.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TimelineQuery {
    /// Due on this date or later.
    #[param(inline)]
    from: Option<Date>,
    /// Due on this date or earlier.
    #[param(inline)]
    to: Option<Date>,
    /// Steps that this party will do.
    owner: Option<Side>,
    /// Steps that stand there.
    state: Option<StepState>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(TimelineQuery);

/// Read a timeline.
///
/// The steps of a partnership, both parties', by due date.
#[utoipa::path(tag = "action steps", params(PartnershipPath, TimelineQuery),
    security(("person" = []), ("machine" = [ReadTimeline::SCOPE])),
    responses((status = 200, description = "A page of steps.", body = ActionStepPage)))]
#[get("/v1/partnerships/{partnership_id}/timeline")]
pub(super) async fn get_timeline(
    partnership: Allowed<ReadTimeline>,
    listing: Listing<TimelineQuery>,
    app: App,
) -> ApiResult<Page<ActionStep>> {
    let filter = || store::ListFilter {
        partnership_id: Some(partnership.partnership_id),
        owner: listing.filter.owner,
        state: listing.filter.state,
        from: listing.filter.from,
        to: listing.filter.to,
        after: listing.after,
        rows: listing.rows(),
        ..store::ListFilter::default()
    };
    let firm_id = partnership.us;
    let found = app
        .db
        .read(async |conn| store::list(conn, firm_id, filter(), store::Order::Due).await)
        .await?;
    Ok(listing.page(found, |step| step.id))
}

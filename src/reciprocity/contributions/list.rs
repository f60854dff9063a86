//! Lists contributions.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::{Contribution, ContributionKind, ContributionState};
use super::store;
use crate::introductions::Direction;
use crate::page;
use crate::paged;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed, NoPath};
use crate::platform::values::Date;
use crate::reciprocity::policy;

page!(ContributionPage, Contribution, "A page of contributions.");

pub struct ListContributions;

impl Action for ListContributions {
    const RULE: Rule = policy::READ_CONTRIBUTIONS;
    type Path = NoPath;
    type Subject = ();
}

/// Which contributions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContributionsQuery {
    /// Those of this partnership.
    partnership_id: Option<Uuid>,
    /// Those that your firm gave, or those that it received.
    direction: Option<Direction>,
    /// Those of this kind.
    kind: Option<ContributionKind>,
    /// Those that stand there.
    state: Option<ContributionState>,
    /// Those given on this date or later.
    #[param(inline)]
    from: Option<Date>,
    /// Those given before this date.
    #[param(inline)]
    to: Option<Date>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(ContributionsQuery);

/// List contributions.
///
/// Those that your firm gave and those that it received, newest first.
#[utoipa::path(tag = "reciprocity", params(ContributionsQuery),
    security(("person" = []), ("machine" = [ListContributions::SCOPE])),
    responses((status = 200, description = "A page of contributions.", body = ContributionPage)))]
#[get("/v1/contributions")]
pub async fn list_contributions(
    firm: Allowed<ListContributions>,
    listing: Listing<ContributionsQuery>,
    app: App,
) -> ApiResult<Page<Contribution>> {
    let firm_id = firm.caller().firm_id;
    let filter = || store::ListFilter {
        partnership_id: listing.filter.partnership_id,
        direction: listing.filter.direction,
        kind: listing.filter.kind,
        state: listing.filter.state,
        from: listing.filter.from,
        to: listing.filter.to,
        after: listing.after,
        rows: listing.rows(),
    };
    let found = app
        .db
        .read(async |conn| store::list(conn, firm_id, filter()).await)
        .await?;
    Ok(listing.page(found, |contribution| contribution.id))
}

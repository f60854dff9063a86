//! Lists touchpoints.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{Touchpoint, TouchpointKind, TouchpointState, TouchpointVisibility};
use super::{policy, store, warnings};
use crate::page;
use crate::paged;
use crate::parties::{PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed};
use crate::platform::values::Date;

page!(TouchpointPage, Touchpoint, "A page of touchpoints.");

pub(super) struct ListTouchpoints;

impl Action for ListTouchpoints {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Which touchpoints.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TouchpointsQuery {
    /// Those of this kind.
    kind: Option<TouchpointKind>,
    /// Those that stand there.
    state: Option<TouchpointState>,
    /// Those that both see, or those that your party alone sees.
    visibility: Option<TouchpointVisibility>,
    /// Those that were, or are planned, on this date or later.
    #[param(inline)]
    from: Option<Date>,
    /// Those that were, or are planned, before this date.
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

paged!(TouchpointsQuery);

/// List the touchpoints of a partnership.
///
/// Those that are shared, and your own party's private ones; newest first.
#[utoipa::path(tag = "touchpoints", params(PartnershipPath, TouchpointsQuery),
    security(("person" = []), ("machine" = [ListTouchpoints::SCOPE])),
    responses((status = 200, description = "A page of touchpoints.", body = TouchpointPage)))]
#[get("/v1/partnerships/{partnership_id}/touchpoints")]
pub(super) async fn list_touchpoints(
    party: Allowed<ListTouchpoints>,
    listing: Listing<TouchpointsQuery>,
    app: App,
) -> ApiResult<Page<Touchpoint>> {
    let filter = || store::ListFilter {
        kind: listing.filter.kind,
        state: listing.filter.state,
        visibility: listing.filter.visibility,
        from: listing.filter.from,
        to: listing.filter.to,
        after: listing.after,
        rows: listing.rows(),
    };
    let found = app
        .db
        .read(async |conn| {
            let mut found = store::list(conn, &party, filter()).await?;
            warnings::warn(conn, party.us, &mut found).await?;
            Ok(found)
        })
        .await?;
    Ok(listing.page(found, |touchpoint| touchpoint.id))
}

//! Lists partnerships.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Partnership, policy, store};
use crate::page;
use crate::paged;
use crate::parties::PartnershipState;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed, NoPath};

page!(PartnershipPage, Partnership, "A page of partnerships.");

pub(super) struct ListPartnerships;

impl Action for ListPartnerships {
    const RULE: Rule = policy::READ;
    type Path = NoPath;
    type Subject = ();
}

/// Which partnerships.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PartnershipsQuery {
    /// Those that stand there.
    state: Option<PartnershipState>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(PartnershipsQuery);

/// List partnerships.
///
/// Yours, and those proposed to your firm; newest first.
#[utoipa::path(tag = "partnerships", params(PartnershipsQuery),
    security(("person" = []), ("machine" = [ListPartnerships::SCOPE])),
    responses((status = 200, description = "A page of partnerships.", body = PartnershipPage)))]
#[get("/v1/partnerships")]
pub(super) async fn list_partnerships(
    firm: Allowed<ListPartnerships>,
    listing: Listing<PartnershipsQuery>,
    app: App,
) -> ApiResult<Page<Partnership>> {
    let firm_id = firm.caller().firm_id;
    let (state, after, rows) = (listing.filter.state, listing.after, listing.rows());
    let filter = || store::ListFilter { state, after, rows };
    let found = app
        .db
        .read(async |conn| store::list(conn, firm_id, filter()).await)
        .await?;
    Ok(listing.page(found, |partnership| partnership.id))
}

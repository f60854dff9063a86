//! Lists the cascades of a timeline.

use actix_web::get;

use super::model::Cascade;
use super::store;
use crate::page;
use crate::parties::{PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};
use crate::timelines::policy;

page!(CascadePage, Cascade, "The cascades of a timeline.");

pub struct ListCascades;

impl Action for ListCascades {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// List the cascades of a timeline.
///
/// Both parties', newest first, those undone included.
#[utoipa::path(tag = "timelines", params(PartnershipPath, PageQuery),
    security(("person" = []), ("machine" = [ListCascades::SCOPE])),
    responses((status = 200, description = "The cascades.", body = CascadePage)))]
#[get("/v1/partnerships/{partnership_id}/cascades")]
pub async fn list_cascades(
    party: Allowed<ListCascades>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<Cascade>> {
    let (after, rows) = (listing.after, listing.rows());
    let found = app
        .db
        .read(async |conn| store::list(conn, &party, after, rows).await)
        .await?;
    Ok(listing.page(found, |cascade| cascade.id))
}

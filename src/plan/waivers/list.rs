//! Lists the waivers of both parties.

use actix_web::get;

use super::model::PlanWaiver;
use super::store;
use crate::page;
use crate::parties::{PartnershipPath, Party};
use crate::plan::policy;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};

page!(PlanWaiverPage, PlanWaiver, "A page of waivers.");

pub struct ReadWaivers;

impl Action for ReadWaivers {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// List the waivers of both parties.
///
/// Newest first, with the reasons.
#[utoipa::path(tag = "plan", params(PartnershipPath, PageQuery),
    security(("person" = []), ("machine" = [ReadWaivers::SCOPE])),
    responses((status = 200, description = "A page of waivers.", body = PlanWaiverPage)))]
#[get("/v1/partnerships/{partnership_id}/plan-waivers")]
pub async fn list_plan_waivers(
    party: Allowed<ReadWaivers>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<PlanWaiver>> {
    let place = (party.us, party.partnership_id);
    let (after, rows) = (listing.after, listing.rows());
    let found = app
        .db
        .read(async |conn| store::list(conn, place, after, rows).await)
        .await?;
    Ok(listing.page(found, |waiver| waiver.id))
}

//! Lists the decisions of both parties.

use actix_web::get;

use super::model::PlanDecision;
use super::store;
use crate::page;
use crate::parties::{PartnershipPath, Party};
use crate::plan::policy;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};

page!(PlanDecisionPage, PlanDecision, "A page of decisions.");

pub struct ReadDecisions;

impl Action for ReadDecisions {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// List the decisions of both parties.
///
/// Newest first, with the reasons.
#[utoipa::path(tag = "plan", params(PartnershipPath, PageQuery),
    security(("person" = []), ("machine" = [ReadDecisions::SCOPE])),
    responses((status = 200, description = "A page of decisions.", body = PlanDecisionPage)))]
#[get("/v1/partnerships/{partnership_id}/plan-decisions")]
pub async fn list_plan_decisions(
    party: Allowed<ReadDecisions>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<PlanDecision>> {
    let place = (party.us, party.partnership_id);
    let (after, rows) = (listing.after, listing.rows());
    let found = app
        .db
        .read(async |conn| store::list(conn, place, after, rows).await)
        .await?;
    Ok(listing.page(found, |decision| decision.id))
}

//! Lists the evidence of a step.

use actix_web::get;

use super::model::Evidence;
use super::store;
use crate::action_steps::get::{ReadStep, StepPath};
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};

page!(EvidencePage, Evidence, "The evidence of a step.");

/// List the evidence of an action step.
///
/// What its owner has shown for it; oldest first.
#[utoipa::path(tag = "action steps", params(StepPath, PageQuery), security(("person" = []), ("machine" = [ReadStep::SCOPE])),
    responses((status = 200, description = "The evidence.", body = EvidencePage)))]
#[get("/v1/action-steps/{action_step_id}/evidence")]
pub async fn list_evidence(
    step: Allowed<ReadStep>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<Evidence>> {
    let (after, rows) = (listing.after, listing.rows());
    let found = app
        .db
        .read(async |conn| store::list(conn, step.id, after, rows).await)
        .await?;
    Ok(listing.page(found, |evidence| evidence.id))
}

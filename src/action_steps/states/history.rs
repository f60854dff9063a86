//! Reads the states that a step came into.

use actix_web::get;

use super::store;
use crate::action_steps::get::{ReadStep, StepPath};
use crate::action_steps::model::StepRecord;
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};

page!(StepRecordPage, StepRecord, "The states of a step.");

/// List the states of an action step.
///
/// Every state that it came into, who brought it there, when and why; oldest first.
#[utoipa::path(tag = "action steps", params(StepPath, PageQuery), security(("person" = []), ("machine" = [ReadStep::SCOPE])),
    responses((status = 200, description = "The states.", body = StepRecordPage)))]
#[get("/v1/action-steps/{action_step_id}/history")]
pub async fn list_step_states(
    step: Allowed<ReadStep>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<StepRecord>> {
    let after = listing.after_version();
    let read = app
        .db
        .read(async |conn| store::list(conn, &step, after, listing.rows()).await);
    Ok(listing.page_by_number(read.await?, |record| record.version.into()))
}

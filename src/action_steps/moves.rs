//! Reads how a step's date has moved.

use actix_web::get;

use super::get::{ReadStep, StepPath};
use super::{model::StepMove, store};
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};

page!(MovePage, StepMove, "The moves of a step.");

/// List the moves of an action step.
///
/// Every change of its date, who made it and why; newest first.
#[utoipa::path(tag = "action steps", params(StepPath, PageQuery), security(("person" = []), ("machine" = [ReadStep::SCOPE])),
    responses((status = 200, description = "The moves.", body = MovePage)))]
#[get("/v1/action-steps/{action_step_id}/moves")]
pub(super) async fn list_moves(
    step: Allowed<ReadStep>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<StepMove>> {
    let after = listing.after_version();
    let read = app
        .db
        .read(async |conn| store::list_moves(conn, &step, after, listing.rows()).await);
    Ok(listing.page_by_number(read.await?, |record| record.version.into()))
}

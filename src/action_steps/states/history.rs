//! Reads the states that a step came into.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::store;
use crate::action_steps::get::{ReadStep, StepPath};
use crate::action_steps::model::StepRecord;
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page, Paged};
use crate::platform::http::{Action, Allowed};

page!(StepRecordPage, StepRecord, "The states of a step.");

/// Which part of it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StepHistoryQuery {
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

impl Paged for StepHistoryQuery {
    fn limit(&self) -> Limit {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// List the states of an action step.
///
/// Every state that it came into, who brought it there, when and why; oldest first.
#[utoipa::path(tag = "action steps", params(StepPath, StepHistoryQuery), security(("person" = []), ("machine" = [ReadStep::SCOPE])),
    responses((status = 200, description = "The states.", body = StepRecordPage)))]
#[get("/v1/action-steps/{action_step_id}/history")]
pub async fn list_step_states(
    step: Allowed<ReadStep>,
    listing: Listing<StepHistoryQuery>,
    app: App,
) -> ApiResult<Page<StepRecord>> {
    // A place in the history is a version, which the cursor keeps as if it were an id.
    let after = listing
        .after
        .and_then(|place| i32::try_from(place.as_u128()).ok());
    let read = app
        .db
        .read(async |conn| store::list(conn, &step, after, listing.rows()).await);
    Ok(listing.page(read.await?, |record| {
        Uuid::from_u128(record.version.unsigned_abs().into())
    }))
}

//! Reads how a step's date has moved.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::get::{ReadStep, StepPath};
use super::{model::StepMove, store};
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page, Paged};
use crate::platform::http::{Action, Allowed};

page!(MovePage, StepMove, "The moves of a step.");

/// Which part of it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MovesQuery {
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

impl Paged for MovesQuery {
    fn limit(&self) -> Limit {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// List the moves of an action step.
///
/// Every change of its date, who made it and why; newest first.
#[utoipa::path(tag = "action steps", params(StepPath, MovesQuery), security(("person" = []), ("machine" = [ReadStep::SCOPE])),
    responses((status = 200, description = "The moves.", body = MovePage)))]
#[get("/v1/action-steps/{action_step_id}/moves")]
pub(super) async fn list_moves(
    step: Allowed<ReadStep>,
    listing: Listing<MovesQuery>,
    app: App,
) -> ApiResult<Page<StepMove>> {
    // A place in the history is a version, which the cursor keeps as if it were an id.
    let after = listing
        .after
        .and_then(|place| i32::try_from(place.as_u128()).ok());
    let read = app
        .db
        .read(async |conn| store::list_moves(conn, &step, after, listing.rows()).await);
    Ok(listing.page(read.await?, |record| {
        Uuid::from_u128(record.version.unsigned_abs().into())
    }))
}

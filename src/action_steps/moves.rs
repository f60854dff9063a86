//! Reads how a step's date has moved.

use actix_web::get;

use super::get::{ReadStep, StepPath};
use super::{model::StepMove, store};
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::Page;
use crate::platform::http::{Action, Allowed};

page!(
    MovePage,
    StepMove,
    "The moves of a step. There is always one page."
);

/// List the moves of an action step.
///
/// Every change of its date, who made it and why; newest first, 200 at most.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = []), ("machine" = [ReadStep::SCOPE])),
    responses((status = 200, description = "The moves.", body = MovePage)))]
#[get("/v1/action-steps/{action_step_id}/moves")]
pub(super) async fn list_moves(step: Allowed<ReadStep>, app: App) -> ApiResult<Page<StepMove>> {
    let data = app
        .db
        .read(async |conn| store::list_moves(conn, step.id).await)
        .await?;
    Ok(Page {
        data,
        next_cursor: None,
    })
}

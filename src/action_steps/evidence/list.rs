//! Lists the evidence of a step.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::Evidence;
use super::store;
use crate::action_steps::get::{ReadStep, StepPath};
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page, Paged};
use crate::platform::http::{Action, Allowed};

page!(EvidencePage, Evidence, "The evidence of a step.");

/// Which part of it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EvidenceQuery {
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

impl Paged for EvidenceQuery {
    fn limit(&self) -> Limit {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// List the evidence of an action step.
///
/// What its owner has shown for it; oldest first.
#[utoipa::path(tag = "action steps", params(StepPath, EvidenceQuery), security(("person" = []), ("machine" = [ReadStep::SCOPE])),
    responses((status = 200, description = "The evidence.", body = EvidencePage)))]
#[get("/v1/action-steps/{action_step_id}/evidence")]
pub async fn list_evidence(
    step: Allowed<ReadStep>,
    listing: Listing<EvidenceQuery>,
    app: App,
) -> ApiResult<Page<Evidence>> {
    let (after, rows) = (listing.after, listing.rows());
    let found = app
        .db
        .read(async |conn| store::list(conn, step.id, after, rows).await)
        .await?;
    Ok(listing.page(found, |evidence| evidence.id))
}

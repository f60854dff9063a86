//! Reads an introduction's history.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::store;
use crate::introductions::get::{self, IntroductionPath};
use crate::introductions::model::{Introduction, StageRecord};
use crate::introductions::policy;
use crate::page;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page, Paged};
use crate::platform::http::{Action, Allowed};

pub struct ReadHistory;

impl Action for ReadHistory {
    const RULE: Rule = policy::READ;
    type Path = IntroductionPath;
    type Subject = Introduction;

    async fn find(
        app: &App,
        caller: &Caller,
        path: IntroductionPath,
    ) -> ApiResult<Option<Introduction>> {
        get::find(app, caller, path).await
    }
}

page!(StagePage, StageRecord, "Every stage of an introduction.");

/// Which part of it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StagesQuery {
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

impl Paged for StagesQuery {
    fn limit(&self) -> Limit {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// List an introduction's stages.
///
/// Who recorded each, when it was recorded and when it happened; oldest first. The receiver's
/// history begins with the offer.
#[utoipa::path(tag = "introductions", params(IntroductionPath, StagesQuery),
    security(("person" = []), ("machine" = [ReadHistory::SCOPE])),
    responses((status = 200, description = "The stages.", body = StagePage)))]
#[get("/v1/introductions/{introduction_id}/stages")]
pub async fn list_stages(
    introduction: Allowed<ReadHistory>,
    listing: Listing<StagesQuery>,
    app: App,
) -> ApiResult<Page<StageRecord>> {
    let after = listing
        .after_number()
        .and_then(|version| i32::try_from(version).ok());
    let read = app
        .db
        .read(async |conn| store::list_stages(conn, &introduction, after, listing.rows()).await);
    Ok(listing.page_by_number(read.await?, |record| record.version.into()))
}

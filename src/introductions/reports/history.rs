//! Reads an introduction's history.

use actix_web::get;

use super::store;
use crate::introductions::get::IntroductionPath;
use crate::introductions::model::{Introduction, StageRecord};
use crate::introductions::policy;
use crate::page;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};

pub struct ReadHistory;

impl Action for ReadHistory {
    const RULE: Rule = policy::READ;
    type Path = IntroductionPath;
    type Subject = Introduction;
}

page!(StagePage, StageRecord, "Every stage of an introduction.");

/// List an introduction's stages.
///
/// Who recorded each, when it was recorded and when it happened; oldest first. The receiver's
/// history begins with the offer.
#[utoipa::path(tag = "introductions", params(IntroductionPath, PageQuery),
    security(("person" = []), ("machine" = [ReadHistory::SCOPE])),
    responses((status = 200, description = "The stages.", body = StagePage)))]
#[get("/v1/introductions/{introduction_id}/stages")]
pub async fn list_stages(
    introduction: Allowed<ReadHistory>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<StageRecord>> {
    let after = listing.after_version();
    let read = app
        .db
        .read(async |conn| store::list_stages(conn, &introduction, after, listing.rows()).await);
    Ok(listing.page_by_number(read.await?, |record| record.version.into()))
}

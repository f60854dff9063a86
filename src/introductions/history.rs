//! Reads an introduction's history.

use actix_web::get;

use super::get::{IntroductionPath, ReadIntroduction};
use super::{model::StageRecord, store};
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::Page;
use crate::platform::http::{Action, Allowed};

page!(
    StagePage,
    StageRecord,
    "Every stage of an introduction. It is short, so there is always one page."
);

/// List an introduction's stages.
///
/// Who recorded each, when it was recorded and when it happened; oldest first. The receiver's
/// history begins with the offer.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [ReadIntroduction::SCOPE])),
    responses((status = 200, description = "The stages.", body = StagePage)))]
#[get("/v1/introductions/{introduction_id}/stages")]
pub(super) async fn list_stages(
    introduction: Allowed<ReadIntroduction>,
    app: App,
) -> ApiResult<Page<StageRecord>> {
    let data = app
        .db
        .read(async |conn| store::list_stages(conn, &introduction).await)
        .await?;
    Ok(Page {
        data,
        next_cursor: None,
    })
}

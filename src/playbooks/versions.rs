//! Lists the versions of a playbook.

use actix_web::get;

use super::get::{PlaybookPath, ReadPlaybook};
use super::list::PlaybookPage;
use super::model::Playbook;
use super::store;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::Action;
use crate::platform::http::Allowed;
use crate::platform::http::paging::{Listing, Page, PageQuery};

/// List the versions of a playbook.
///
/// What it said when, and who wrote it; newest first.
#[utoipa::path(tag = "playbooks", params(PlaybookPath, PageQuery),
    security(("person" = []), ("machine" = [ReadPlaybook::SCOPE])),
    responses((status = 200, description = "The versions.", body = PlaybookPage)))]
#[get("/v1/playbooks/{playbook_id}/versions")]
pub(super) async fn list_playbook_versions(
    playbook: Allowed<ReadPlaybook>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<Playbook>> {
    let before = listing.after_version();
    let firm_id = playbook.caller().firm_id;
    let read = app.db.read(async |conn| {
        store::list_versions(conn, (firm_id, playbook.id), before, listing.rows()).await
    });
    Ok(listing.page_by_number(read.await?, |version| version.version.into()))
}

//! Lists where playbooks were laid out.

use actix_web::get;

use super::model::PlaybookApplication;
use super::store;
use crate::page;
use crate::parties::{PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};
use crate::playbooks::policy;

page!(
    PlaybookApplicationPage,
    PlaybookApplication,
    "What playbooks laid out."
);

pub struct ListApplications;

impl Action for ListApplications {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// List what playbooks laid out in a partnership.
///
/// Your firm's, newest first.
#[utoipa::path(tag = "playbooks", params(PartnershipPath, PageQuery),
    security(("person" = []), ("machine" = [ListApplications::SCOPE])),
    responses((status = 200, description = "What was laid out.", body = PlaybookApplicationPage)))]
#[get("/v1/partnerships/{partnership_id}/playbook-applications")]
pub async fn list_playbook_applications(
    party: Allowed<ListApplications>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<PlaybookApplication>> {
    let (before, rows) = (listing.after, listing.rows());
    let found = app
        .db
        .read(async |conn| store::list(conn, &party, before, rows).await)
        .await?;
    Ok(listing.page(found, |application| application.id))
}

//! Lists the notes about a partnership.

use actix_web::get;

use super::model::PartnershipNote;
use super::store;
use crate::page;
use crate::parties::PartnershipPath;
use crate::partnerships::{Partnership, policy};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};

page!(PartnershipNotePage, PartnershipNote, "A page of notes.");

pub struct ReadNotes;

impl Action for ReadNotes {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Partnership;
}

/// List the notes about a partnership.
///
/// Those of your firm, newest first.
#[utoipa::path(tag = "partnerships", params(PartnershipPath, PageQuery),
    security(("person" = []), ("machine" = [ReadNotes::SCOPE])),
    responses((status = 200, description = "A page of notes.", body = PartnershipNotePage)))]
#[get("/v1/partnerships/{partnership_id}/notes")]
pub async fn list_partnership_notes(
    partnership: Allowed<ReadNotes>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<PartnershipNote>> {
    let place = (partnership.caller().firm_id, partnership.id);
    let (after, rows) = (listing.after, listing.rows());
    let found = app
        .db
        .read(async |conn| store::list(conn, place, after, rows).await)
        .await?;
    Ok(listing.page(found, |note| note.id))
}

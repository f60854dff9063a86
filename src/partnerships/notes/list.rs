//! Lists the notes about a partnership.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::PartnershipNote;
use super::store;
use crate::page;
use crate::parties::PartnershipPath;
use crate::partnerships::{Partnership, policy, store as partnerships};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page, Paged};
use crate::platform::http::{Action, Allowed};

page!(PartnershipNotePage, PartnershipNote, "A page of notes.");

pub struct ReadNotes;

impl Action for ReadNotes {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Partnership;

    async fn find(
        app: &App,
        caller: &Caller,
        path: PartnershipPath,
    ) -> ApiResult<Option<Partnership>> {
        app.db
            .read(async |conn| partnerships::find(conn, caller.firm_id, path.partnership_id).await)
            .await
    }
}

/// Which notes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartnershipNotesQuery {
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

impl Paged for PartnershipNotesQuery {
    fn limit(&self) -> Limit {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// List the notes about a partnership.
///
/// Those of your firm, newest first.
#[utoipa::path(tag = "partnerships", params(PartnershipPath, PartnershipNotesQuery),
    security(("person" = []), ("machine" = [ReadNotes::SCOPE])),
    responses((status = 200, description = "A page of notes.", body = PartnershipNotePage)))]
#[get("/v1/partnerships/{partnership_id}/notes")]
pub async fn list_partnership_notes(
    partnership: Allowed<ReadNotes>,
    listing: Listing<PartnershipNotesQuery>,
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

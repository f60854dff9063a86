//! Lists the outcomes of a meeting.

use actix_web::get;

use super::model::MeetingOutcome;
use super::store;
use crate::meetings::get::{MeetingPath, ReadMeeting};
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};

page!(MeetingOutcomePage, MeetingOutcome, "A page of outcomes.");

/// List the outcomes of a meeting.
///
/// The action steps and introductions that came of it, oldest first.
#[utoipa::path(tag = "meetings", params(MeetingPath, PageQuery),
    security(("person" = []), ("machine" = [ReadMeeting::SCOPE])),
    responses((status = 200, description = "A page of outcomes.", body = MeetingOutcomePage)))]
#[get("/v1/meetings/{meeting_id}/outcomes")]
pub async fn list_meeting_outcomes(
    meeting: Allowed<ReadMeeting>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<MeetingOutcome>> {
    let place = (meeting.caller().firm_id, meeting.id);
    let (after, rows) = (listing.after, listing.rows());
    let found = app
        .db
        .read(async |conn| store::list(conn, place, after, rows).await)
        .await?;
    Ok(listing.page(found, |outcome| outcome.id))
}

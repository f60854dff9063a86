//! Lists the meetings of a partnership.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{Meeting, MeetingState};
use super::{policy, store};
use crate::page;
use crate::paged;
use crate::parties::{PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed};
use crate::platform::values::{Date, TimeZone};

page!(MeetingPage, Meeting, "A page of meetings.");

pub(super) struct ListMeetings;

impl Action for ListMeetings {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Which meetings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MeetingsQuery {
    /// Those that begin on this date or later, in UTC.
    #[param(inline)]
    from: Option<Date>,
    /// Those that begin before this date, in UTC.
    #[param(inline)]
    to: Option<Date>,
    /// Those that stand there.
    state: Option<MeetingState>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(MeetingsQuery);

/// List the meetings of a partnership.
///
/// Those that the agreed protocol lays out, eight weeks ahead, and those besides, by their beginning.
#[utoipa::path(tag = "meetings", params(PartnershipPath, MeetingsQuery),
    security(("person" = []), ("machine" = [ListMeetings::SCOPE])),
    responses((status = 200, description = "A page of meetings.", body = MeetingPage)))]
#[get("/v1/partnerships/{partnership_id}/meetings")]
pub(super) async fn list_meetings(
    partnership: Allowed<ListMeetings>,
    listing: Listing<MeetingsQuery>,
    app: App,
) -> ApiResult<Page<Meeting>> {
    let begins = |date: Date| date.start_in(&TimeZone::utc());
    let filter = || store::ListFilter {
        partnership_id: partnership.partnership_id,
        from: listing.filter.from.map(begins),
        to: listing.filter.to.map(begins),
        state: listing.filter.state,
        after: listing.after,
        rows: listing.rows(),
    };
    let firm_id = partnership.us;
    let found = app
        .db
        .read(async |conn| {
            let found = store::list(conn, firm_id, filter()).await?;
            // Where the page before ended there may be nothing any more: an empty page would pass for the last one.
            if let (true, Some(after)) = (found.is_empty(), listing.after)
                && !store::exists(conn, partnership.partnership_id, after).await?
            {
                let detail = "The meeting that the page before ended with is gone; begin anew.";
                return Err(Problem::malformed("cursor", "gone", detail).into());
            }
            Ok(found)
        })
        .await?;
    Ok(listing.page(found, |meeting| meeting.id))
}

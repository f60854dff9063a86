//! Lists the agenda items of a partnership.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::AgendaItem;
use super::store;
use crate::meetings::policy;
use crate::page;
use crate::paged;
use crate::parties::{PartnershipPath, Party, Side};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed};

page!(AgendaItemPage, AgendaItem, "A page of agenda items.");

pub struct ListItems;

impl Action for ListItems {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Which agenda items.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AgendaItemsQuery {
    /// Those that this party wrote.
    party: Option<Side>,
    /// Those on the agenda of this meeting.
    meeting_id: Option<Uuid>,
    /// Those in the parking lot, or those that are not.
    parked: Option<bool>,
    /// Those that are open, or those that are resolved.
    open: Option<bool>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(AgendaItemsQuery);

/// List the agenda items of a partnership.
///
/// Both parties', newest first.
#[utoipa::path(tag = "meetings", params(PartnershipPath, AgendaItemsQuery),
    security(("person" = []), ("machine" = [ListItems::SCOPE])),
    responses((status = 200, description = "A page of items.", body = AgendaItemPage)))]
#[get("/v1/partnerships/{partnership_id}/agenda-items")]
pub async fn list_agenda_items(
    partnership: Allowed<ListItems>,
    listing: Listing<AgendaItemsQuery>,
    app: App,
) -> ApiResult<Page<AgendaItem>> {
    let filter = || store::ListFilter {
        partnership_id: partnership.partnership_id,
        meeting_id: listing.filter.meeting_id,
        party: listing.filter.party,
        parked: listing.filter.parked,
        open: listing.filter.open,
        after: listing.after,
        rows: listing.rows(),
    };
    let firm_id = partnership.us;
    let found = app
        .db
        .read(async |conn| store::list(conn, firm_id, filter()).await)
        .await?;
    Ok(listing.page(found, |item| item.id))
}

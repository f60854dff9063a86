//! Lists contacts.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{CallReason, Contact};
use super::{policy, store};
use crate::page;
use crate::paged;
use crate::parties::{PartnershipPath, Party, Side};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed};

page!(ContactPage, Contact, "A page of contacts.");

pub(super) struct ListContacts;

impl Action for ListContacts {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Which contacts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ContactsQuery {
    /// Those of this party.
    side: Option<Side>,
    /// Those to call for this reason.
    reason: Option<CallReason>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(ContactsQuery);

/// List the contacts of a partnership.
///
/// Both parties', oldest first.
#[utoipa::path(tag = "contacts", params(PartnershipPath, ContactsQuery),
    security(("person" = []), ("machine" = [ListContacts::SCOPE])),
    responses((status = 200, description = "A page of contacts.", body = ContactPage)))]
#[get("/v1/partnerships/{partnership_id}/contacts")]
pub(super) async fn list_contacts(
    party: Allowed<ListContacts>,
    listing: Listing<ContactsQuery>,
    app: App,
) -> ApiResult<Page<Contact>> {
    let filter = || store::ListFilter {
        by_firm_id: listing.filter.side.map(|side| side.of_party(&party)),
        reason: listing.filter.reason,
        after: listing.after,
        rows: Some(listing.rows()),
    };
    let found = app
        .db
        .read(async |conn| store::list(conn, &party, filter()).await)
        .await?;
    Ok(listing.page(found, |contact| contact.id))
}

//! Lists playbooks.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{Playbook, PlaybookSubject};
use super::{policy, store};
use crate::page;
use crate::paged;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed, NoPath};

page!(PlaybookPage, Playbook, "A page of playbooks.");

pub(super) struct ListPlaybooks;

impl Action for ListPlaybooks {
    const RULE: Rule = policy::READ;
    type Path = NoPath;
    type Subject = ();
}

/// Which playbooks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PlaybooksQuery {
    /// Those that lay out such a timeline.
    #[param(inline)]
    applies_to: Option<PlaybookSubject>,
    /// Those that were put away, or those that were not.
    archived: Option<bool>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(PlaybooksQuery);

/// List playbooks.
///
/// Your firm's, newest first, each as its last version says.
#[utoipa::path(tag = "playbooks", params(PlaybooksQuery),
    security(("person" = []), ("machine" = [ListPlaybooks::SCOPE])),
    responses((status = 200, description = "A page of playbooks.", body = PlaybookPage)))]
#[get("/v1/playbooks")]
pub(super) async fn list_playbooks(
    firm: Allowed<ListPlaybooks>,
    listing: Listing<PlaybooksQuery>,
    app: App,
) -> ApiResult<Page<Playbook>> {
    let firm_id = firm.caller().firm_id;
    let asked = store::Asked {
        applies_to: listing.filter.applies_to,
        archived: listing.filter.archived,
        before: listing.after,
        rows: listing.rows(),
    };
    let found = app
        .db
        .read(async |conn| store::list(conn, firm_id, &asked).await)
        .await?;
    Ok(listing.page(found, |playbook| playbook.id))
}

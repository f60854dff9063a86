//! Lists the caller's sessions.

use actix_web::get;

use super::sign_out::SignOut;
use super::{Session, store};
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::Allowed;
use crate::platform::http::paging::{Listing, Page, PageQuery};

page!(SessionPage, Session, "A page of sessions.");

/// List your sessions.
///
/// Where you are signed in, the oldest sign-in first. Nobody else sees them.
#[utoipa::path(tag = "sessions", params(PageQuery), security(("person" = [])),
    responses((status = 200, description = "A page of sessions.", body = SessionPage)))]
#[get("/v1/sessions")]
pub(super) async fn list_sessions(
    own: Allowed<SignOut>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<Session>> {
    let (caller, now) = (own.caller(), app.clock.now());
    let whose = (caller.actor_id(), caller.credential_id);
    let rows = app
        .db
        .read(async |conn| store::list(conn, whose, now, listing.after, listing.rows()).await)
        .await?;
    Ok(listing.page(rows, |session| session.id))
}

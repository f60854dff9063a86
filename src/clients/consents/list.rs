//! Lists a client's consents.

use actix_web::get;

use super::store;
use crate::clients::Consent;
use crate::clients::get::{ClientPath, ReadClient};
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};

page!(ConsentPage, Consent, "A page of consents.");

/// List a client's consents.
///
/// Those that stand and those that ended, newest first.
#[utoipa::path(tag = "consents", params(ClientPath, PageQuery),
    security(("person" = []), ("machine" = [ReadClient::SCOPE])),
    responses((status = 200, description = "A page of consents.", body = ConsentPage)))]
#[get("/v1/clients/{client_id}/consents")]
pub async fn list_consents(
    client: Allowed<ReadClient>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<Consent>> {
    let read = app.db.read(async |conn| {
        store::list_consents(conn, client.id, listing.after, listing.rows()).await
    });
    Ok(listing.page(read.await?, |consent| consent.id))
}

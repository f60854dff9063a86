//! Lists the API clients of the caller's firm.

use actix_web::get;

use super::create::RunApiClients;
use super::{ApiClient, store};
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::Allowed;
use crate::platform::http::paging::{Listing, Page, PageQuery};

page!(ApiClientPage, ApiClient, "A page of API clients.");

/// List your firm's API clients.
///
/// Without those that were revoked.
#[utoipa::path(tag = "api clients", params(PageQuery), security(("person" = [])),
    responses((status = 200, description = "A page of API clients.", body = ApiClientPage)))]
#[get("/v1/api-clients")]
pub(super) async fn list_api_clients(
    firm: Allowed<RunApiClients>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<ApiClient>> {
    let firm_id = firm.caller().firm_id;
    let rows = app
        .db
        .read(async |conn| store::list(conn, firm_id, listing.after, listing.rows()).await)
        .await?;
    Ok(listing.page(rows, |client| client.id))
}

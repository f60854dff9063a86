//! Lists the API clients of the caller's firm.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::create::RunApiClients;
use super::{ApiClient, store};
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::Allowed;
use crate::platform::http::paging::{Limit, Listing, Page, Paged};

page!(ApiClientPage, ApiClient, "A page of API clients.");

/// Which API clients.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ApiClientsQuery {
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

impl Paged for ApiClientsQuery {
    fn limit(&self) -> Limit {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// List your firm's API clients.
///
/// Without those that were revoked.
#[utoipa::path(tag = "api clients", params(ApiClientsQuery), security(("person" = [])),
    responses((status = 200, description = "A page of API clients.", body = ApiClientPage)))]
#[get("/v1/api-clients")]
pub(super) async fn list_api_clients(
    firm: Allowed<RunApiClients>,
    listing: Listing<ApiClientsQuery>,
    app: App,
) -> ApiResult<Page<ApiClient>> {
    let firm_id = firm.caller().firm_id;
    let rows = app
        .db
        .read(async |conn| store::list(conn, firm_id, listing.after, listing.rows()).await)
        .await?;
    Ok(listing.page(rows, |client| client.id))
}

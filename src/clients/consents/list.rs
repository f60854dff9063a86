//! Lists a client's consents.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::store;
use crate::clients::Consent;
use crate::clients::get::{ClientPath, ReadClient};
use crate::page;
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page, Paged};
use crate::platform::http::{Action, Allowed};

page!(ConsentPage, Consent, "A page of consents.");

/// Which consents.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConsentsQuery {
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

impl Paged for ConsentsQuery {
    fn limit(&self) -> Limit {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// List a client's consents.
///
/// Those that stand and those that ended, newest first.
#[utoipa::path(tag = "consents", params(ClientPath, ConsentsQuery),
    security(("person" = []), ("machine" = [ReadClient::SCOPE])),
    responses((status = 200, description = "A page of consents.", body = ConsentPage)))]
#[get("/v1/clients/{client_id}/consents")]
pub async fn list_consents(
    client: Allowed<ReadClient>,
    listing: Listing<ConsentsQuery>,
    app: App,
) -> ApiResult<Page<Consent>> {
    let read = app.db.read(async |conn| {
        store::list_consents(conn, client.id, listing.after, listing.rows()).await
    });
    Ok(listing.page(read.await?, |consent| consent.id))
}

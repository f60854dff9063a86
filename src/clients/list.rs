//! Lists clients.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Client, policy, store};
use crate::page;
use crate::paged;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed, NoPath};
use crate::platform::values::EmailAddress;

page!(ClientPage, Client, "A page of clients.");

pub(super) struct ListClients;

impl Action for ListClients {
    const RULE: Rule = policy::READ;
    type Path = NoPath;
    type Subject = ();
}

/// Which clients.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ClientsQuery {
    /// Those with this address.
    #[param(inline)]
    email: Option<EmailAddress>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(ClientsQuery);

/// List clients.
///
/// Your own firm's, newest first.
#[utoipa::path(tag = "clients", params(ClientsQuery), security(("person" = []), ("machine" = [ListClients::SCOPE])),
    responses((status = 200, description = "A page of clients.", body = ClientPage)))]
#[get("/v1/clients")]
pub(super) async fn list_clients(
    firm: Allowed<ListClients>,
    listing: Listing<ClientsQuery>,
    app: App,
) -> ApiResult<Page<Client>> {
    let firm_id = firm.caller().firm_id;
    let filter = || store::ListFilter {
        email: listing.filter.email.clone(),
        after: listing.after,
        rows: listing.rows(),
    };
    let rows = app
        .db
        .read(async |conn| store::list(conn, firm_id, filter()).await)
        .await?;
    Ok(listing.page(rows, |client| client.id))
}

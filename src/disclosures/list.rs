//! Lists the disclosures of the caller's firm.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Disclosure, DisclosureDirection, store};
use crate::page;
use crate::paged;
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule, Scope};
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed, NoPath};
use crate::platform::values::Timestamp;

page!(DisclosurePage, Disclosure, "A page of disclosures.");

pub(super) struct ReadDisclosures;

impl Action for ReadDisclosures {
    const RULE: Rule = Rule::new(Duty::Audit, Scope::AuditRead);
    type Path = NoPath;
    type Subject = ();
}

/// Which disclosures.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DisclosuresQuery {
    /// Of your clients to partners, or of partners' clients to yours.
    direction: Option<DisclosureDirection>,
    /// What this member or API client read: the question after a credential was lost.
    principal_id: Option<Uuid>,
    /// Of this client of yours.
    client_id: Option<Uuid>,
    /// Through this introduction.
    introduction_id: Option<Uuid>,
    /// From this instant on.
    #[param(inline)]
    from: Option<Timestamp>,
    /// Before this instant.
    #[param(inline)]
    until: Option<Timestamp>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(DisclosuresQuery);

/// List disclosures.
///
/// Whose identity was made known to whom in another firm, when, on which consent; newest first. With
/// `principal_id`: whose data a credential has read.
#[utoipa::path(tag = "audit", params(DisclosuresQuery),
    security(("person" = []), ("machine" = [ReadDisclosures::SCOPE])),
    responses((status = 200, description = "A page of disclosures.", body = DisclosurePage)))]
#[get("/v1/disclosures")]
pub(super) async fn list_disclosures(
    firm: Allowed<ReadDisclosures>,
    listing: Listing<DisclosuresQuery>,
    app: App,
) -> ApiResult<Page<Disclosure>> {
    let firm_id = firm.caller().firm_id;
    let filter = || store::ListFilter {
        direction: listing.filter.direction,
        principal_id: listing.filter.principal_id,
        client_id: listing.filter.client_id,
        introduction_id: listing.filter.introduction_id,
        from: listing.filter.from,
        until: listing.filter.until,
        before: listing.after_number(),
        rows: listing.rows(),
    };
    let read = app
        .db
        .read(async |conn| store::list(conn, firm_id, filter()).await);
    Ok(listing.page_by_number(read.await?, |one| one.sequence))
}

//! Reads every version of a partnership's terms.

use actix_web::get;

use super::model::PartnershipTerms;
use super::store;
use crate::firms;
use crate::page;
use crate::parties::{PartnershipPath, Party};
use crate::partnerships::policy;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};

page!(TermsPage, PartnershipTerms, "Versions of the terms.");

pub struct ReadTermsHistory;

impl Action for ReadTermsHistory {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// List the versions of a partnership's terms.
///
/// What stood when, and who wrote it; newest first.
#[utoipa::path(tag = "partnerships", params(PartnershipPath, PageQuery),
    security(("person" = []), ("machine" = [ReadTermsHistory::SCOPE])),
    responses((status = 200, description = "The versions.", body = TermsPage)))]
#[get("/v1/partnerships/{partnership_id}/terms/history")]
pub async fn list_partnership_terms(
    party: Allowed<ReadTermsHistory>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<PartnershipTerms>> {
    let after = listing.after_version();
    let now = app.clock.now();
    let read = app.db.read(async |conn| {
        let today = now.date_in(&firms::zone(conn, party.us).await?);
        let versions = store::list(conn, &party, after, listing.rows()).await?;
        let warned = versions.into_iter().map(|version| version.warned(today));
        Ok(warned.collect::<Vec<_>>())
    });
    Ok(listing.page_by_number(read.await?, |terms| terms.version.into()))
}

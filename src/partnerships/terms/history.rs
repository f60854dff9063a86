//! Reads every version of a partnership's terms.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::PartnershipTerms;
use super::store;
use crate::firms;
use crate::page;
use crate::parties::{self, PartnershipPath, Party};
use crate::partnerships::policy;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page, Paged};
use crate::platform::http::{Action, Allowed};

page!(TermsPage, PartnershipTerms, "Versions of the terms.");

pub struct ReadTermsHistory;

impl Action for ReadTermsHistory {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;

    async fn find(app: &App, caller: &Caller, path: PartnershipPath) -> ApiResult<Option<Party>> {
        app.db
            .read(async |conn| parties::find(conn, path.partnership_id, caller.firm_id).await)
            .await
    }
}

/// Which part of it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TermsHistoryQuery {
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

impl Paged for TermsHistoryQuery {
    fn limit(&self) -> Limit {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// List the versions of a partnership's terms.
///
/// What stood when, and who wrote it; newest first.
#[utoipa::path(tag = "partnerships", params(PartnershipPath, TermsHistoryQuery),
    security(("person" = []), ("machine" = [ReadTermsHistory::SCOPE])),
    responses((status = 200, description = "The versions.", body = TermsPage)))]
#[get("/v1/partnerships/{partnership_id}/terms/history")]
pub async fn list_partnership_terms(
    party: Allowed<ReadTermsHistory>,
    listing: Listing<TermsHistoryQuery>,
    app: App,
) -> ApiResult<Page<PartnershipTerms>> {
    // A place in the history is a version, which the cursor keeps as if it were an id.
    let after = listing
        .after
        .and_then(|place| i32::try_from(place.as_u128()).ok());
    let now = app.clock.now();
    let read = app.db.read(async |conn| {
        let today = now.date_in(&firms::zone(conn, party.us).await?);
        let versions = store::list(conn, &party, after, listing.rows()).await?;
        let warned = versions.into_iter().map(|version| version.warned(today));
        Ok(warned.collect::<Vec<_>>())
    });
    Ok(listing.page(read.await?, |terms| {
        Uuid::from_u128(terms.version.unsigned_abs().into())
    }))
}

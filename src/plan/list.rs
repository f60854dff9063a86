//! Lists the versions of a plan's sections.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{PlanVersion, VersionState};
use super::sections::PlanSection;
use super::{policy, store};
use crate::parties::{PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed};
use crate::{page, paged};

page!(PlanVersionPage, PlanVersion, "A page of versions.");

pub(super) struct ReadVersions;

impl Action for ReadVersions {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Which versions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct VersionsQuery {
    /// Of this section.
    section: Option<PlanSection>,
    /// In this state.
    state: Option<VersionState>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(VersionsQuery);

/// List the versions of a plan's sections.
///
/// Newest first: who proposed what, who answered, when; and your party's own drafts.
#[utoipa::path(tag = "plan", params(PartnershipPath, VersionsQuery),
    security(("person" = []), ("machine" = [ReadVersions::SCOPE])),
    responses((status = 200, description = "A page of versions.", body = PlanVersionPage)))]
#[get("/v1/partnerships/{partnership_id}/plan-versions")]
pub(super) async fn list_plan_versions(
    party: Allowed<ReadVersions>,
    listing: Listing<VersionsQuery>,
    app: App,
) -> ApiResult<Page<PlanVersion>> {
    let filter = store::ListFilter {
        partnership_id: party.partnership_id,
        section: listing.filter.section,
        state: listing.filter.state,
        after: listing.after,
        rows: listing.rows(),
    };
    let found = app
        .db
        .read(async |conn| store::list(conn, party.us, filter.clone()).await)
        .await?;
    Ok(listing.page(found, |version| version.id))
}

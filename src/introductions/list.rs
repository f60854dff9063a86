//! Lists introductions.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::{Direction, Stage};
use super::{Introduction, policy, store};
use crate::fit::FitBand;
use crate::page;
use crate::paged;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed, NoPath};

page!(IntroductionPage, Introduction, "A page of introductions.");

pub(super) struct ListIntroductions;

impl Action for ListIntroductions {
    const RULE: Rule = policy::READ;
    type Path = NoPath;
    type Subject = ();
}

/// Which introductions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct IntroductionsQuery {
    /// Those of this partnership.
    partnership_id: Option<Uuid>,
    /// Those that your firm gave, or those that it received.
    direction: Option<Direction>,
    /// Those that stand there.
    stage: Option<Stage>,
    /// Those whose client fitted so well when they were offered.
    fit_band: Option<FitBand>,
    /// Those of which it is kept how well the client fitted, or those of which it is not.
    has_fit: Option<bool>,
    /// Those of which the receiver has recorded what became of the client, or those of which it has not.
    has_outcome: Option<bool>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(IntroductionsQuery);

/// List introductions.
///
/// Those that your firm gave and those that it was offered, newest first.
#[utoipa::path(tag = "introductions", params(IntroductionsQuery),
    security(("person" = []), ("machine" = [ListIntroductions::SCOPE])),
    responses((status = 200, description = "A page of introductions.", body = IntroductionPage)))]
#[get("/v1/introductions")]
pub(super) async fn list_introductions(
    firm: Allowed<ListIntroductions>,
    listing: Listing<IntroductionsQuery>,
    app: App,
) -> ApiResult<Page<Introduction>> {
    let viewer = store::Viewer::new(firm.caller(), app.clock.now());
    let filter = || store::ListFilter {
        partnership_id: listing.filter.partnership_id,
        direction: listing.filter.direction,
        stage: listing.filter.stage,
        fit_band: listing.filter.fit_band,
        has_fit: listing.filter.has_fit,
        has_outcome: listing.filter.has_outcome,
        after: listing.after,
        rows: listing.rows(),
    };
    let found = app
        .db
        .read(async |conn| store::list(conn, viewer, filter()).await)
        .await?;
    Ok(listing.page(found, |introduction| introduction.id))
}

//! Lists action steps.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::StepState;
use super::{ActionStep, policy, store};
use crate::page;
use crate::paged;
use crate::parties::Side;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed, NoPath};
use crate::platform::values::Date;

page!(ActionStepPage, ActionStep, "A page of action steps.");

pub(super) struct ListSteps;

impl Action for ListSteps {
    const RULE: Rule = policy::READ;
    type Path = NoPath;
    type Subject = ();
}

/// Which steps.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ActionStepsQuery {
    /// Those of this partnership.
    partnership_id: Option<Uuid>,
    /// Those that hang on this introduction.
    introduction_id: Option<Uuid>,
    /// Those that this party will do.
    owner: Option<Side>,
    /// Those that this member will do.
    owner_member_id: Option<Uuid>,
    /// Those that stand there.
    state: Option<StepState>,
    /// Those that were done by the date first promised, or those done later.
    kept: Option<bool>,
    /// Those that were first promised for this date or later.
    #[param(inline)]
    promised_from: Option<Date>,
    /// Those that were first promised for before this date.
    #[param(inline)]
    promised_to: Option<Date>,
    /// Those that were done on this date or later.
    #[param(inline)]
    done_from: Option<Date>,
    /// Those that were done before this date.
    #[param(inline)]
    done_to: Option<Date>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(ActionStepsQuery);

/// List action steps.
///
/// Of all your partnerships, both parties', newest first.
#[utoipa::path(tag = "action steps", params(ActionStepsQuery),
    security(("person" = []), ("machine" = [ListSteps::SCOPE])),
    responses((status = 200, description = "A page of steps.", body = ActionStepPage)))]
#[get("/v1/action-steps")]
pub(super) async fn list_action_steps(
    firm: Allowed<ListSteps>,
    listing: Listing<ActionStepsQuery>,
    app: App,
) -> ApiResult<Page<ActionStep>> {
    let firm_id = firm.caller().firm_id;
    let filter = || store::ListFilter {
        partnership_id: listing.filter.partnership_id,
        introduction_id: listing.filter.introduction_id,
        owner: listing.filter.owner,
        owner_member_id: listing.filter.owner_member_id,
        state: listing.filter.state,
        kept: listing.filter.kept,
        promised_from: listing.filter.promised_from,
        promised_to: listing.filter.promised_to,
        done_from: listing.filter.done_from,
        done_to: listing.filter.done_to,
        after: listing.after,
        rows: listing.rows(),
        ..store::ListFilter::default()
    };
    let found = app
        .db
        .read(async |conn| store::list(conn, firm_id, filter(), store::Order::Newest).await)
        .await?;
    Ok(listing.page(found, |step| step.id))
}

//! Tells whom to call.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::model::CallReason;
use super::whom::{Callee, choose};
use super::{policy, store};
use crate::firms;
use crate::parties::{self, PartnershipPath, Party, Side};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Query, Report};
use crate::platform::values::Date;

pub(super) struct AskWhom;

impl Action for AskWhom {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Whom to call about what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WhomQuery {
    /// What the call is about; `other` unless told.
    about: Option<CallReason>,
    /// The party that is called; the other unless told.
    side: Option<Side>,
}

/// Whom to call about something today.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhomToCall {
    /// The partnership.
    pub partnership_id: Uuid,
    /// What the call is about.
    pub about: CallReason,
    /// The party that is called.
    pub side: Side,
    /// Today, in the zone of the firm that is called.
    pub today_on: Date,
    /// Whom to call; `null` where nobody is there.
    #[schema(nullable)]
    pub person: Option<Callee>,
    /// Whom to call where that one does not answer.
    #[schema(nullable)]
    pub stand_in: Option<Callee>,
}

/// Ask whom to call.
///
/// One person and one stand-in, each with why: those who are called for the reason, then those who are called about
/// other things, then the lead of the party; nobody who is away today or has left.
#[utoipa::path(tag = "contacts", params(PartnershipPath, WhomQuery),
    security(("person" = []), ("machine" = [AskWhom::SCOPE])),
    responses((status = 200, description = "Whom to call.", body = WhomToCall)))]
#[get("/v1/partnerships/{partnership_id}/whom-to-call")]
pub(super) async fn get_whom_to_call(
    party: Allowed<AskWhom>,
    Query(query): Query<WhomQuery>,
    app: App,
) -> ApiResult<Report<WhomToCall>> {
    let about = query.about.unwrap_or(CallReason::Other);
    let side = query.side.unwrap_or(Side::Them);
    let called = side.of_party(&party);
    let filter = store::ListFilter {
        by_firm_id: Some(called),
        ..store::ListFilter::default()
    };
    let (contacts, lead, zone) = app
        .db
        .read(async |conn| {
            // Sent together, they take one round trip.
            futures_util::try_join!(
                store::list(conn, &party, filter),
                parties::find_lead(conn, party.partnership_id, called),
                firms::zone(conn, called)
            )
        })
        .await?;
    let today_on = app.clock.now().date_in(&zone);
    let [person, stand_in] = choose(about, today_on, &contacts, lead.as_ref());
    Ok(Report(WhomToCall {
        partnership_id: party.partnership_id,
        about,
        side,
        today_on,
        person,
        stand_in,
    }))
}

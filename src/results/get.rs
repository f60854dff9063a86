//! Reads the results of a partnership.

use actix_web::get;

use super::model::PartnershipResults;
use super::{policy, store};
use crate::parties::{PartnershipPath, Party};
use crate::plan::{self, PlanSection, SectionBody};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Report};
use crate::platform::values::{TimeZone, Timestamp};

pub(super) struct ReadResults;

impl Action for ReadResults {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Read the results of a partnership.
///
/// Each metric of the success definition in force: agreed against actual, counted from the records, on pace
/// along the ramp or not, month by month; and what became of the clients. Each figure tells where the records
/// behind it are read.
#[utoipa::path(tag = "results", params(PartnershipPath),
    security(("person" = []), ("machine" = [ReadResults::SCOPE])),
    responses((status = 200, description = "The results.", body = PartnershipResults)))]
#[get("/v1/partnerships/{partnership_id}/results")]
pub(super) async fn get_results(
    party: Allowed<ReadResults>,
    app: App,
) -> ApiResult<Report<PartnershipResults>> {
    let now = app.clock.now();
    let told = app
        .db
        .read(async |conn| look(conn, &party, now).await)
        .await?;
    Ok(Report(told))
}

/// The results of a party's partnership.
pub async fn look(conn: &Conn, party: &Party, now: Timestamp) -> ApiResult<PartnershipResults> {
    let today = now.date_in(&TimeZone::utc());
    let place = (party.us, party.partnership_id);
    // Sent together, they take one round trip.
    let (version, (records, outcomes)) = futures_util::try_join!(
        plan::find_in_force(conn, place.0, place.1, PlanSection::SuccessDefinition),
        store::read(conn, party)
    )?;
    let agreed = version.and_then(|version| match version.body {
        SectionBody::SuccessDefinition(definition) => Some((version.id, definition)),
        _ => None,
    });
    Ok(PartnershipResults::of(
        place.1, agreed, &records, &outcomes, today,
    ))
}

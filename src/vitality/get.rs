//! Reads how alive a partnership is.

use actix_web::get;

use super::model::{Vitality, look};
use super::policy;
use crate::parties::{PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Report};

pub(super) struct ReadVitality;

impl Action for ReadVitality {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Read how alive a partnership is.
///
/// The gauge with its parts, each with its weight and its evidence; and whether the two have fallen silent for
/// longer than they ever used to. It is judged once a day, and a turn is told in the change feed.
#[utoipa::path(tag = "vitality", params(PartnershipPath),
    security(("person" = []), ("machine" = [ReadVitality::SCOPE])),
    responses((status = 200, description = "The vitality.", body = Vitality)))]
#[get("/v1/partnerships/{partnership_id}/vitality")]
pub(super) async fn get_vitality(
    party: Allowed<ReadVitality>,
    app: App,
) -> ApiResult<Report<Vitality>> {
    let now = app.clock.now();
    let told = app
        .db
        .read(async |conn| look(conn, &party, now).await)
        .await?;
    Ok(Report(told))
}

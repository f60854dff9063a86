//! Takes an id of another system off an introduction.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::link::LinkIntroduction;
use super::store;
use crate::changes;
use crate::introductions::get::IntroductionPath;
use crate::introductions::store::{self as introductions, Viewer};
use crate::introductions::{Introduction, events};
use crate::platform::app::App;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::SystemName;

/// Which id is taken off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"system": "salesforce"}))]
pub struct UnlinkExternalId {
    /// The other system.
    pub system: SystemName,
}

/// Unlink an introduction from an id of your own.
///
/// Your firm's alone; the other party sees nothing of it. Where there is none, nothing happens.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [LinkIntroduction::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[post("/v1/introductions/{introduction_id}/unlink")]
pub async fn unlink_introduction(
    introduction: Allowed<LinkIntroduction>,
    Json(body): Json<UnlinkExternalId>,
    app: App,
) -> ApiResult<Answer<Introduction>> {
    let (caller, now) = (introduction.caller(), app.clock.now());
    let place = (caller.firm_id, introduction.id);
    introduction
        .once(StatusCode::OK, async |tx| {
            if store::remove_external_id(tx, place, &body.system).await? {
                changes::record(tx, events::ours(caller, &introduction, now)).await?;
            }
            let shown = introductions::find(tx, Viewer::new(caller, now), introduction.id).await?;
            Ok(shown.ok_or_else(Problem::not_found)?)
        })
        .await
}

//! Hangs an id of another system on an introduction.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::store;
use crate::changes;
use crate::introductions::get::IntroductionPath;
use crate::introductions::store::{self as introductions, Viewer};
use crate::introductions::{Introduction, events, policy};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::{ExternalId, SystemName};

pub struct LinkIntroduction;

impl Action for LinkIntroduction {
    const RULE: Rule = policy::PREPARE;
    type Path = IntroductionPath;
    type Subject = Introduction;
}

/// An id in another system.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"system": "salesforce", "external_id": "006Ws00000AbCdE"}))]
pub struct LinkExternalId {
    /// The other system.
    pub system: SystemName,
    /// The id there.
    pub external_id: ExternalId,
}

/// Link an introduction to an id of your own.
///
/// Either party, each for its own systems: so the receiver finds what it was offered by the id that its
/// CRM gave it. The other party sees nothing of it. Another id in the same system is replaced.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [LinkIntroduction::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[post("/v1/introductions/{introduction_id}/link")]
pub async fn link_introduction(
    introduction: Allowed<LinkIntroduction>,
    Json(body): Json<LinkExternalId>,
    app: App,
) -> ApiResult<Answer<Introduction>> {
    let (caller, now) = (introduction.caller(), app.clock.now());
    let place = (caller.firm_id, introduction.id);
    let known = introduction.external_ids.0.get(body.system.as_str());
    let is_there = known.is_some_and(|known| known == body.external_id.as_str());
    introduction
        .once(StatusCode::OK, async |tx| {
            if !is_there {
                store::remove_external_id(tx, place, &body.system).await?;
                store::insert_external_id(tx, place, &body.system, &body.external_id).await?;
                changes::record(tx, events::ours(caller, &introduction, now)).await?;
            }
            let shown = introductions::find(tx, Viewer::new(caller, now), introduction.id).await?;
            Ok(shown.ok_or_else(Problem::not_found)?)
        })
        .await
}

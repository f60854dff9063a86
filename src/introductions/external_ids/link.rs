//! Hangs an id of another system on an introduction.

use actix_web::put;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::changes;
use crate::introductions::store::{self, Viewer};
use crate::introductions::{Introduction, events, policy};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::{ExternalId, SystemName};

pub struct LinkIntroduction;

/// Which introduction, in which system.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct LinkPath {
    /// The introduction's id.
    pub introduction_id: Uuid,
    /// The other system.
    #[param(inline)]
    pub system: SystemName,
}

/// An introduction, and a system of the caller's firm.
pub struct Link {
    pub introduction: Introduction,
    pub system: SystemName,
}

/// Finds what a path names.
pub async fn find(app: &App, caller: &Caller, path: LinkPath) -> ApiResult<Option<Link>> {
    let now = app.clock.now();
    let found = app
        .db
        .read(async |conn| store::judge(conn, caller.firm_id, path.introduction_id, now).await)
        .await?;
    Ok(found.map(|introduction| Link {
        introduction,
        system: path.system,
    }))
}

impl Action for LinkIntroduction {
    const RULE: Rule = policy::PREPARE;
    type Path = LinkPath;
    type Subject = Link;

    async fn find(app: &App, caller: &Caller, path: LinkPath) -> ApiResult<Option<Link>> {
        find(app, caller, path).await
    }
}

/// The id in the other system.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"external_id": "006Ws00000AbCdE"}))]
pub struct LinkExternalId {
    /// The id there.
    pub external_id: ExternalId,
}

/// Link an introduction to an id of your own.
///
/// Either party, each for its own systems: so the receiver finds what it was offered by the id that its
/// CRM gave it. The other party sees nothing of it. Another id in the same system is replaced.
#[utoipa::path(tag = "introductions", params(LinkPath),
    security(("person" = []), ("machine" = [LinkIntroduction::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[put("/v1/introductions/{introduction_id}/external-ids/{system}")]
pub async fn link_introduction(
    link: Allowed<LinkIntroduction>,
    Json(body): Json<LinkExternalId>,
    app: App,
) -> ApiResult<Answer<Introduction>> {
    let (caller, now) = (link.caller(), app.clock.now());
    let place = (caller.firm_id, link.introduction.id);
    let known = link.introduction.external_ids.0.get(link.system.as_str());
    let is_there = known.is_some_and(|known| known == body.external_id.as_str());
    let linked = app
        .db
        .write(async |tx| {
            if !is_there {
                store::remove_external_id(tx, place, &link.system).await?;
                store::insert_external_id(tx, place, &link.system, &body.external_id).await?;
                changes::record(tx, events::ours(caller, &link.introduction, now)).await?;
            }
            let viewer = Viewer::new(caller, now);
            let shown = store::find(tx, viewer, link.introduction.id).await?;
            Ok(shown.ok_or_else(Problem::not_found)?)
        })
        .await?;
    Ok(Answer::ok(linked))
}

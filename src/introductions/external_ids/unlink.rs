//! Takes an id of another system off an introduction.

use actix_web::{HttpResponse, delete};

use super::link::{Link, LinkPath, find};
use crate::changes;
use crate::introductions::{events, policy, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, no_content};

pub struct UnlinkIntroduction;

impl Action for UnlinkIntroduction {
    const RULE: Rule = policy::PREPARE;
    type Path = LinkPath;
    type Subject = Link;

    async fn find(app: &App, caller: &Caller, path: LinkPath) -> ApiResult<Option<Link>> {
        let link = find(app, caller, path).await?;
        Ok(link.filter(|link| {
            let ids = &link.introduction.external_ids.0;
            ids.contains_key(link.system.as_str())
        }))
    }
}

/// Unlink an introduction from an id of your own.
///
/// Your firm's alone; the other party sees nothing of it.
#[utoipa::path(tag = "introductions", params(LinkPath),
    security(("person" = []), ("machine" = [UnlinkIntroduction::SCOPE])),
    responses((status = 204, description = "It is gone.")))]
#[delete("/v1/introductions/{introduction_id}/external-ids/{system}")]
pub async fn unlink_introduction(
    link: Allowed<UnlinkIntroduction>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now) = (link.caller(), app.clock.now());
    let place = (caller.firm_id, link.introduction.id);
    app.db
        .write(async |tx| {
            if !store::remove_external_id(tx, place, &link.system).await? {
                return Err(Problem::not_found().into());
            }
            changes::record(tx, events::ours(caller, &link.introduction, now)).await
        })
        .await?;
    Ok(no_content())
}

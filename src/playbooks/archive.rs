//! Puts a playbook away.

use actix_web::http::StatusCode;
use actix_web::post;

use super::get::PlaybookPath;
use super::model::Playbook;
use super::{policy, store};
use crate::changes;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer};

pub(super) struct ArchivePlaybook;

impl Action for ArchivePlaybook {
    const RULE: Rule = policy::PREPARE;
    type Path = PlaybookPath;
    type Subject = Playbook;
}

/// Put a playbook away.
///
/// It is applied and changed no more, and stays readable; so does what it laid out.
#[utoipa::path(tag = "playbooks", params(PlaybookPath),
    security(("person" = []), ("machine" = [ArchivePlaybook::SCOPE])),
    responses((status = 200, description = "The playbook.", body = Playbook)))]
#[post("/v1/playbooks/{playbook_id}/archive")]
pub(super) async fn archive_playbook(
    playbook: Allowed<ArchivePlaybook>,
    app: App,
) -> ApiResult<Answer<Playbook>> {
    let (caller, now) = (playbook.caller(), app.clock.now());
    playbook
        .once(StatusCode::OK, async |tx| {
            if !store::archive(tx, caller.firm_id, playbook.id, now).await? {
                return Err(Problem::state_forbids("archived", &[]).into());
            }
            let archived = store::find(tx, caller.firm_id, playbook.id).await?;
            let archived = archived.ok_or_else(Problem::not_found)?;
            changes::record(tx, archived.done(caller, "archive", now)).await?;
            Ok(archived)
        })
        .await
}

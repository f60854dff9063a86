//! Removes a note.

use actix_web::{HttpResponse, delete};

use super::get::NotePath;
use super::model::PartnershipNote;
use super::store;
use crate::changes;
use crate::partnerships::policy;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, no_content};

pub struct RemoveNote;

impl Action for RemoveNote {
    const RULE: Rule = policy::PREPARE;
    type Path = NotePath;
    type Subject = PartnershipNote;
}

/// Remove a note about a partnership.
///
/// It is gone, and your change feed says so.
#[utoipa::path(tag = "partnerships", params(NotePath),
    security(("person" = []), ("machine" = [RemoveNote::SCOPE])),
    responses((status = 204, description = "It is removed.")))]
#[delete("/v1/partnership-notes/{note_id}")]
pub async fn delete_partnership_note(
    note: Allowed<RemoveNote>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now) = (note.caller(), app.clock.now());
    app.db
        .write(async |tx| {
            let removed = store::remove(tx, caller.firm_id, note.id).await?;
            let removed = removed.ok_or_else(Problem::not_found)?;
            changes::record(tx, removed.done(caller, "deleted", now)).await
        })
        .await?;
    Ok(no_content())
}

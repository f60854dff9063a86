//! Changes a note.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;

use super::get::NotePath;
use super::model::PartnershipNote;
use super::store;
use crate::changes;
use crate::partnerships::policy;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, stale};

pub struct ChangeNote;

impl Action for ChangeNote {
    const RULE: Rule = policy::PREPARE;
    type Path = NotePath;
    type Subject = PartnershipNote;
}

/// Changes to a note (RFC 7396): what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "Prefers to be called before nine."}))]
pub struct PatchPartnershipNote {
    /// The note.
    #[schema(nullable = false, min_length = 1, max_length = 5000, pattern = r"\S")]
    pub body: Option<String>,
}

/// Change a note about a partnership.
///
/// With `If-Match`, so that two people of the firm do not undo each other's work.
#[utoipa::path(tag = "partnerships", params(NotePath),
    security(("person" = []), ("machine" = [ChangeNote::SCOPE])),
    responses((status = 200, description = "The note.", body = PartnershipNote)))]
#[patch("/v1/partnership-notes/{note_id}")]
pub async fn patch_partnership_note(
    note: Allowed<ChangeNote>,
    Json(body): Json<PatchPartnershipNote>,
    app: App,
) -> ApiResult<Answer<PartnershipNote>> {
    note.unchanged()?;
    let (caller, now) = (note.caller(), app.clock.now());
    let text = body.body.unwrap_or_else(|| note.body.clone());
    let place = (caller.firm_id, note.id, note.version);
    let changed = app
        .db
        .write(async |tx| {
            let Some(changed) = store::edit(tx, place, &text, now).await? else {
                let current = store::find(tx, caller.firm_id, note.id).await?;
                let current = current.ok_or_else(Problem::not_found)?;
                // Like this already, or somebody was faster.
                return if current.version == note.version {
                    Ok(current)
                } else {
                    Err(stale(&current))
                };
            };
            changes::record(tx, changed.done(caller, "updated", now)).await?;
            Ok(changed)
        })
        .await?;
    Ok(Answer::ok(changed))
}

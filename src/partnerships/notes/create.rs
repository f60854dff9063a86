//! Writes a note down.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::PartnershipNote;
use super::store;
use crate::changes;
use crate::parties::PartnershipPath;
use crate::partnerships::{Partnership, policy};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Json};

pub struct WriteNote;

impl Action for WriteNote {
    const RULE: Rule = policy::PREPARE;
    type Path = PartnershipPath;
    type Subject = Partnership;
}

/// A new note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "Prefers to be called after four."}))]
pub struct CreatePartnershipNote {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// The note.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub body: String,
}

/// Write a note about a partnership.
///
/// Your firm alone sees it; the other never learns that there is one.
#[utoipa::path(tag = "partnerships", params(PartnershipPath),
    security(("person" = []), ("machine" = [WriteNote::SCOPE])),
    responses((status = 201, description = "The note.", body = PartnershipNote)))]
#[post("/v1/partnerships/{partnership_id}/notes")]
pub async fn create_partnership_note(
    partnership: Allowed<WriteNote>,
    Json(body): Json<CreatePartnershipNote>,
    app: App,
) -> ApiResult<Answer<PartnershipNote>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    partnership
        .once(StatusCode::CREATED, async |tx| {
            let ids = (body.id.unwrap_or_else(|| app.ids.id(now)), partnership.id);
            let note = store::insert(tx, caller, ids, &body.body, now).await?;
            changes::record(tx, note.done(caller, "created", now)).await?;
            Ok(note)
        })
        .await
}

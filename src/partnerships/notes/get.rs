//! Reads one note.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::PartnershipNote;
use super::store;
use crate::partnerships::policy;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which note.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct NotePath {
    /// The note's id.
    pub note_id: Uuid,
}

impl IdPath for NotePath {
    fn id(&self) -> Uuid {
        self.note_id
    }
}

impl Shown for PartnershipNote {
    const COLLECTION: &'static str = "/v1/partnership-notes/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadNote;

impl Action for ReadNote {
    const RULE: Rule = policy::READ;
    type Path = NotePath;
    type Subject = PartnershipNote;
}

/// Read a note about a partnership.
///
/// One of your firm's.
#[utoipa::path(tag = "partnerships", params(NotePath),
    security(("person" = []), ("machine" = [ReadNote::SCOPE])),
    responses((status = 200, description = "The note.", body = PartnershipNote)))]
#[get("/v1/partnership-notes/{note_id}")]
pub async fn get_partnership_note(note: Allowed<ReadNote>) -> Answer<PartnershipNote> {
    Answer::ok(note.into_subject())
}

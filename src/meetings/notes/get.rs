//! Reads the own note of a meeting.

use actix_web::get;
use uuid::Uuid;

use super::model::MeetingNote;
use super::store;
use crate::meetings::get::MeetingPath;
use crate::meetings::policy;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Shown};
use crate::platform::values::Timestamp;

/// A note is found by its meeting.
impl Shown for MeetingNote {
    const COLLECTION: &'static str = "/v1/meetings/";

    fn id(&self) -> Uuid {
        self.meeting_id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadOwnNote;

impl Action for ReadOwnNote {
    const RULE: Rule = policy::READ;
    type Path = MeetingPath;
    type Subject = MeetingNote;
}

/// Read your firm's note of a meeting.
///
/// The other firm has one of its own, and never sees this one.
#[utoipa::path(tag = "meetings", params(MeetingPath),
    security(("person" = []), ("machine" = [ReadOwnNote::SCOPE])),
    responses((status = 200, description = "The note.", body = MeetingNote)))]
#[get("/v1/meetings/{meeting_id}/note")]
pub async fn get_meeting_note(note: Allowed<ReadOwnNote>) -> Answer<MeetingNote> {
    Answer::ok(note.into_subject())
}

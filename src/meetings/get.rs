//! Reads one meeting.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::Meeting;
use super::{policy, store};
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which meeting.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MeetingPath {
    /// The meeting's id.
    pub meeting_id: Uuid,
}

impl IdPath for MeetingPath {
    fn id(&self) -> Uuid {
        self.meeting_id
    }
}

impl Shown for Meeting {
    const COLLECTION: &'static str = "/v1/meetings/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub(super) struct ReadMeeting;

impl Action for ReadMeeting {
    const RULE: Rule = policy::READ;
    type Path = MeetingPath;
    type Subject = Meeting;
}

/// Read a meeting.
///
/// One of the series or one besides, with what it covered.
#[utoipa::path(tag = "meetings", params(MeetingPath), security(("person" = []), ("machine" = [ReadMeeting::SCOPE])),
    responses((status = 200, description = "The meeting.", body = Meeting)))]
#[get("/v1/meetings/{meeting_id}")]
pub(super) async fn get_meeting(meeting: Allowed<ReadMeeting>) -> Answer<Meeting> {
    Answer::ok(meeting.into_subject())
}

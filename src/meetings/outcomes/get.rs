//! Reads one outcome.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::MeetingOutcome;
use super::store;
use crate::meetings::policy;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which outcome.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MeetingOutcomePath {
    /// The outcome's id.
    pub meeting_outcome_id: Uuid,
}

impl IdPath for MeetingOutcomePath {
    fn id(&self) -> Uuid {
        self.meeting_outcome_id
    }
}

impl Shown for MeetingOutcome {
    const COLLECTION: &'static str = "/v1/meeting-outcomes/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadOutcome;

impl Action for ReadOutcome {
    const RULE: Rule = policy::READ;
    type Path = MeetingOutcomePath;
    type Subject = MeetingOutcome;
}

/// Read an outcome of a meeting.
///
/// Of either party's; a draft's is its own party's alone.
#[utoipa::path(tag = "meetings", params(MeetingOutcomePath),
    security(("person" = []), ("machine" = [ReadOutcome::SCOPE])),
    responses((status = 200, description = "The outcome.", body = MeetingOutcome)))]
#[get("/v1/meeting-outcomes/{meeting_outcome_id}")]
pub async fn get_meeting_outcome(outcome: Allowed<ReadOutcome>) -> Answer<MeetingOutcome> {
    Answer::ok(outcome.into_subject())
}

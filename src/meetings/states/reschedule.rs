//! Moves a meeting to another time.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::advance::{must_live, tell};
use super::store;
use crate::meetings::get::MeetingPath;
use crate::meetings::model::{Meeting, Verb};
use crate::meetings::policy;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Timestamp;

pub struct PutElsewhere;

impl Action for PutElsewhere {
    const RULE: Rule = policy::PREPARE;
    type Path = MeetingPath;
    type Subject = Meeting;
}

/// Where to, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"starts_at": "2026-03-04T15:00:00Z", "reason": "Dana is in court on Tuesday."}))]
pub struct MoveMeeting {
    /// When it is to begin; not in the past.
    pub starts_at: Timestamp,
    /// Why. Both parties read it: name no client.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub reason: String,
}

/// Move a meeting.
///
/// To another time, with the reason; it stays the same one of the series. Either party, while it is planned.
#[utoipa::path(tag = "meetings", params(MeetingPath), security(("person" = []), ("machine" = [PutElsewhere::SCOPE])),
    responses((status = 200, description = "The meeting.", body = Meeting)))]
#[post("/v1/meetings/{meeting_id}/move")]
pub async fn move_meeting(
    meeting: Allowed<PutElsewhere>,
    Json(body): Json<MoveMeeting>,
    app: App,
) -> ApiResult<Answer<Meeting>> {
    let (caller, now) = (meeting.caller(), app.clock.now());
    meeting
        .once(StatusCode::OK, async |tx| {
            must_live(tx, caller, &meeting).await?;
            if body.starts_at < now {
                let detail = "That is past.";
                return Err(Problem::invalid_field("/starts_at", "in_the_past", detail).into());
            }
            let to = (body.starts_at, body.reason.as_str());
            let moved = store::reschedule(tx, caller.firm_id, meeting.id, to, now).await?;
            tell(tx, caller, &meeting, (Verb::Move, moved), now).await
        })
        .await
}

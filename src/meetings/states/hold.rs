//! Records that a meeting was held.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::advance::{must_live, tell};
use super::{attendance, store};
use crate::meetings::get::MeetingPath;
use crate::meetings::model::{Meeting, MeetingAttendance, MeetingTopic, Verb};
use crate::meetings::policy;
use crate::meetings::store::Held;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Timestamp;

pub struct RecordTalk;

impl Action for RecordTalk {
    const RULE: Rule = policy::PREPARE;
    type Path = MeetingPath;
    type Subject = Meeting;
}

/// What became of a meeting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "held_at": "2026-03-02T09:00:00Z",
    "attendance": {"us": ["0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a11"], "them": ["0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a12"]},
    "topics": ["introductions", "action_steps", "results"],
}))]
pub struct HoldMeeting {
    /// When it began; not in the future.
    pub held_at: Timestamp,
    /// Who took part.
    pub attendance: MeetingAttendance,
    /// The elements of the agreement that were spoken about.
    #[schema(max_items = 10)]
    pub topics: Vec<MeetingTopic>,
    /// The minutes. Both parties read them: name no client.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub minutes_text: Option<String>,
}

/// Record that a meeting was held.
///
/// With who took part and what it was about. What is open on its agenda and not in the parking lot goes to the next, as
/// carried over from this one. Either party, once.
#[utoipa::path(tag = "meetings", params(MeetingPath), security(("person" = []), ("machine" = [RecordTalk::SCOPE])),
    responses((status = 200, description = "The meeting.", body = Meeting)))]
#[post("/v1/meetings/{meeting_id}/hold")]
pub async fn hold_meeting(
    meeting: Allowed<RecordTalk>,
    Json(body): Json<HoldMeeting>,
    app: App,
) -> ApiResult<Answer<Meeting>> {
    let (caller, now) = (meeting.caller(), app.clock.now());
    meeting
        .once(StatusCode::OK, async |tx| {
            let party = must_live(tx, caller, &meeting).await?;
            let said = (&body.attendance, body.topics.as_slice());
            let errors =
                attendance::complaints(tx, &party, body.held_at, said.0, said.1, now).await?;
            if !errors.is_empty() {
                return Err(Problem::invalid(errors).into());
            }
            let held = Held {
                held_at: body.held_at,
                attendance: &body.attendance,
                topics: &body.topics,
                minutes_text: body.minutes_text.as_deref(),
            };
            let held = store::hold(tx, caller, meeting.id, &held, now).await?;
            tell(tx, caller, &meeting, (Verb::Hold, held), now).await
        })
        .await
}

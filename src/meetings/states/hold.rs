//! Records that a meeting was held.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::advance::{must_live, tell};
use super::{attendance, store};
use crate::meetings::get::MeetingPath;
use crate::meetings::model::{Meeting, MeetingAttendance, MeetingState, MeetingTopic, Verb};
use crate::meetings::policy;
use crate::meetings::store::{self as meetings, Held};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
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
/// carried over from this one. Either party, once. Minutes that are written already are not written over: change them
/// with `PATCH`.
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
            if held.is_none() && body.minutes_text.is_some() {
                must_not_be_written(tx, caller, &meeting).await?;
            }
            tell(tx, caller, &meeting, (Verb::Hold, held), now).await
        })
        .await
}

/// Refuses minutes in the place of those that somebody has written meanwhile.
async fn must_not_be_written(tx: &Tx, caller: &Caller, meeting: &Meeting) -> ApiResult<()> {
    let current = meetings::find(tx, caller.firm_id, meeting.id).await?;
    let current = current.ok_or_else(Problem::not_found)?;
    if current.state == MeetingState::Planned {
        let detail = "The minutes are written already; change them with `PATCH`.";
        return Err(Problem::invalid_field("/minutes_text", "written", detail).into());
    }
    Ok(())
}

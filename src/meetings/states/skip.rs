//! Leaves a meeting out.

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
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Json};

pub struct LeaveOut;

impl Action for LeaveOut {
    const RULE: Rule = policy::PREPARE;
    type Path = MeetingPath;
    type Subject = Meeting;
}

/// Why a meeting is left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Both offices are closed for the holiday."}))]
pub struct SkipMeeting {
    /// The reason. Both parties read it: name no client.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub reason: String,
}

/// Skip a meeting.
///
/// With the reason: its week then neither keeps nor breaks the streak. What is open on its agenda goes to the next.
/// Either party, while it is planned.
#[utoipa::path(tag = "meetings", params(MeetingPath), security(("person" = []), ("machine" = [LeaveOut::SCOPE])),
    responses((status = 200, description = "The meeting.", body = Meeting)))]
#[post("/v1/meetings/{meeting_id}/skip")]
pub async fn skip_meeting(
    meeting: Allowed<LeaveOut>,
    Json(body): Json<SkipMeeting>,
    app: App,
) -> ApiResult<Answer<Meeting>> {
    let (caller, now) = (meeting.caller(), app.clock.now());
    meeting
        .once(StatusCode::OK, async |tx| {
            must_live(tx, caller, &meeting).await?;
            let skipped = store::skip(tx, caller, meeting.id, &body.reason, now).await?;
            tell(tx, caller, &meeting, (Verb::Skip, skipped), now).await
        })
        .await
}

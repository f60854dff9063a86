//! Writes the minutes of a meeting.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;

use super::get::MeetingPath;
use super::model::Meeting;
use super::states::must_live;
use super::{events, policy, store};
use crate::changes;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, present, stale};

pub(super) struct WriteMinutes;

impl Action for WriteMinutes {
    const RULE: Rule = policy::PREPARE;
    type Path = MeetingPath;
    type Subject = Meeting;
}

/// Changes to a meeting (RFC 7396): what is absent stays, `null` clears. Its time is changed by `move`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"minutes_text": "Both read the core story aloud and changed its end."}))]
pub struct PatchMeeting {
    /// The minutes. Both parties read them: name no client.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 5000, pattern = r"\S")]
    pub minutes_text: Option<Option<String>>,
}

/// Write the minutes of a meeting.
///
/// Both parties write them, with `If-Match`, so that neither undoes the other's work.
#[utoipa::path(tag = "meetings", params(MeetingPath), security(("person" = []), ("machine" = [WriteMinutes::SCOPE])),
    responses((status = 200, description = "The meeting.", body = Meeting)))]
#[patch("/v1/meetings/{meeting_id}")]
pub(super) async fn patch_meeting(
    meeting: Allowed<WriteMinutes>,
    Json(body): Json<PatchMeeting>,
    app: App,
) -> ApiResult<Answer<Meeting>> {
    meeting.unchanged()?;
    let (caller, now) = (meeting.caller(), app.clock.now());
    let text = body.minutes_text.as_ref().unwrap_or(&meeting.minutes_text);
    let place = (meeting.id, meeting.version);
    let changed = app
        .db
        .write(async |tx| {
            must_live(tx, caller, &meeting).await?;
            let edited = store::edit(tx, caller.firm_id, place, text.as_deref(), now).await?;
            let Some(edited) = edited else {
                let current = store::find(tx, caller.firm_id, meeting.id).await?;
                let current = current.ok_or_else(Problem::not_found)?;
                // Like this already, or somebody was faster.
                return if current.version == meeting.version {
                    Ok(current)
                } else {
                    Err(stale(&current))
                };
            };
            let actor = Some(caller.actor_id());
            let change = events::done(&edited, caller.firm_id, actor, "updated", now);
            changes::record(tx, change).await?;
            Ok(edited)
        })
        .await?;
    Ok(Answer::ok(changed))
}

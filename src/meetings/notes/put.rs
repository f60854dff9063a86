//! Writes the own note of a meeting.

use actix_web::put;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::MeetingNote;
use super::store;
use crate::changes;
use crate::meetings::get::MeetingPath;
use crate::meetings::policy;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, stale};

pub struct WriteOwnNote;

impl Action for WriteOwnNote {
    const RULE: Rule = policy::PREPARE;
    type Path = MeetingPath;
    type Subject = MeetingNote;
}

/// The whole note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "She seems worried about her successor."}))]
pub struct PutMeetingNote {
    /// The note; `null` for none.
    #[schema(required, min_length = 1, max_length = 5000, pattern = r"\S")]
    pub body: Option<String>,
}

/// Write your firm's note of a meeting.
///
/// Your firm alone sees it; the other never learns that there is one. With `If-Match`, so that two people of the firm
/// do not undo each other's work.
#[utoipa::path(tag = "meetings", params(MeetingPath),
    security(("person" = []), ("machine" = [WriteOwnNote::SCOPE])),
    responses((status = 200, description = "The note.", body = MeetingNote)))]
#[put("/v1/meetings/{meeting_id}/note")]
pub async fn put_meeting_note(
    note: Allowed<WriteOwnNote>,
    Json(body): Json<PutMeetingNote>,
    app: App,
) -> ApiResult<Answer<MeetingNote>> {
    note.unchanged()?;
    let (caller, now) = (note.caller(), app.clock.now());
    if body.body == note.body {
        return Ok(Answer::ok(note.into_subject()));
    }
    let changed = app
        .db
        .write(async |tx| {
            let text = body.body.as_deref();
            let Some(changed) = store::write(tx, caller, &note, text, now).await? else {
                let current = store::find(tx, caller.firm_id, note.meeting_id).await?;
                return Err(stale(&current.ok_or_else(Problem::not_found)?));
            };
            changes::record(tx, changed.written(caller, now)).await?;
            Ok(changed)
        })
        .await?;
    Ok(Answer::ok(changed))
}

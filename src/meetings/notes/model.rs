//! What a note is.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::changes::{Change, Kind};
use crate::platform::auth::Caller;
use crate::platform::values::Timestamp;

/// Your firm's own note of a meeting; it is there, and empty, before anybody has written it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MeetingNote {
    /// The meeting.
    pub meeting_id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The note; `null` where there is none.
    pub body: Option<String>,
    /// The member or API client that last wrote it.
    pub written_by: Option<Uuid>,
    /// When it was first written.
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
    /// Counts changes; 0 before the first.
    pub version: i32,
}

impl MeetingNote {
    /// What the change feed of its own firm, and no other's, is told.
    pub fn written(&self, caller: &Caller, at: Timestamp) -> Change {
        let action = if self.version == 1 {
            "created"
        } else {
            "updated"
        };
        Change::by(caller, Kind::MeetingNote, self.meeting_id, action, at)
            .version(self.version)
            .within(self.partnership_id)
    }
}

//! What a note is.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::changes::{Change, Kind};
use crate::platform::auth::Caller;
use crate::platform::values::Timestamp;

/// A note of your firm's about a partnership.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartnershipNote {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The note.
    pub body: String,
    /// The member or API client that wrote it.
    pub written_by: Uuid,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
}

impl PartnershipNote {
    /// What the change feed of its own firm, and no other's, is told.
    pub(super) fn done(&self, caller: &Caller, action: &'static str, at: Timestamp) -> Change {
        Change::by(caller, Kind::PartnershipNote, self.id, action, at)
            .version(self.version)
            .within(self.partnership_id)
    }
}

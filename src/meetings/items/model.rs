//! What an agenda item is.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::changes::{Change, Kind};
use crate::meetings::model::MeetingTopic;
use crate::parties::Side;
use crate::platform::values::Timestamp;

/// Something that a party wants to speak about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AgendaItem {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The other firm.
    pub partner_firm_id: Uuid,
    /// The party that wrote it.
    pub party: Side,
    /// The meeting on whose agenda it stands; `null` for the next one, or for one in the parking lot.
    pub meeting_id: Option<Uuid>,
    /// The meeting on whose agenda it first stood; `null` for one that was not carried over.
    pub carried_from_id: Option<Uuid>,
    /// The element of the agreement that it belongs to.
    pub topic: Option<MeetingTopic>,
    /// What it is.
    pub title: String,
    /// More about it.
    pub detail: Option<String>,
    /// Whether it is in the parking lot, and so on no agenda.
    pub parked: bool,
    /// What came of it.
    pub resolution: Option<String>,
    /// The meeting that resolved it.
    pub resolved_in_id: Option<Uuid>,
    /// The member or API client that recorded that it is resolved.
    pub resolved_by: Option<Uuid>,
    /// When it was resolved; `null` while it is open.
    pub resolved_at: Option<Timestamp>,
    /// The member or API client that wrote it.
    pub created_by: Uuid,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
}

impl AgendaItem {
    /// Where it stands, as problems name it.
    pub fn state(&self) -> &'static str {
        match self.resolved_at {
            Some(_) => "resolved",
            None => "open",
        }
    }

    /// What both parties are told.
    pub fn done(
        &self,
        (firm_id, actor_id): (Uuid, Option<Uuid>),
        action: &'static str,
        at: Timestamp,
    ) -> Change {
        Change {
            kind: Kind::AgendaItem,
            resource_id: self.id,
            action,
            version: self.version,
            partnership_id: Some(self.partnership_id),
            firms: vec![firm_id, self.partner_firm_id],
            actor_id,
            at,
        }
    }
}

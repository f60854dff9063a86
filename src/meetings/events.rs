//! What meetings say to the change feed.

use uuid::Uuid;

use super::model::Meeting;
use crate::changes::{Change, Kind};
use crate::platform::values::Timestamp;

/// Something was done to a meeting, by somebody or by the service. Both parties see it.
pub(super) fn done(
    meeting: &Meeting,
    firm_id: Uuid,
    actor_id: Option<Uuid>,
    action: &'static str,
    at: Timestamp,
) -> Change {
    Change {
        kind: Kind::Meeting,
        resource_id: meeting.id,
        action,
        version: meeting.version,
        partnership_id: Some(meeting.partnership_id),
        firms: vec![firm_id, meeting.partner_firm_id],
        actor_id,
        at,
    }
}

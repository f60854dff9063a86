//! What partnerships say to the change feed.

use uuid::Uuid;

use super::model::Partnership;
use crate::changes::{Change, Kind};
use crate::platform::auth::Caller;

/// Something was done to a partnership.
pub(super) fn done(
    caller: &Caller,
    partnership: &Partnership,
    recipient_firm_id: Option<Uuid>,
    action: &'static str,
) -> Change {
    Change::by(
        caller,
        Kind::Partnership,
        partnership.id,
        action,
        partnership.updated_at,
    )
    .version(partnership.version)
    .within(partnership.id)
    .seen_by(partnership.firms(recipient_firm_id))
}

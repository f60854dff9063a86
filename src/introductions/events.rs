//! What introductions say to the change feed.

use uuid::Uuid;

use super::model::Introduction;
use super::store::Ended;
use crate::changes::{Change, Kind};
use crate::platform::auth::Caller;
use crate::platform::values::Timestamp;

/// Something was done to an introduction. The receiver hears of it from the offer on.
pub(super) fn done(caller: &Caller, introduction: &Introduction, action: &'static str) -> Change {
    let other = introduction
        .offered_at
        .map(|_| introduction.partner_firm_id);
    let firms: Vec<Uuid> = std::iter::once(caller.firm_id).chain(other).collect();
    Change::by(
        caller,
        Kind::Introduction,
        introduction.id,
        action,
        introduction.updated_at,
    )
    .version(introduction.version)
    .within(introduction.partnership_id)
    .seen_by(firms)
}

/// An introduction ended by itself, or with its partnership or client. The receiver hears of it if it
/// was offered.
pub(super) fn ended(
    actor_id: Option<Uuid>,
    ended: &Ended,
    action: &'static str,
    at: Timestamp,
) -> Change {
    let other = ended.was_offered.then_some(ended.receiver_firm_id);
    Change {
        kind: Kind::Introduction,
        resource_id: ended.id,
        action,
        version: ended.version,
        partnership_id: Some(ended.partnership_id),
        firms: std::iter::once(ended.introducer_firm_id)
            .chain(other)
            .collect(),
        actor_id,
        at,
    }
}

/// Something that only the caller's firm sees of an introduction was changed.
pub(super) fn ours(caller: &Caller, introduction: &Introduction, at: Timestamp) -> Change {
    Change::by(caller, Kind::Introduction, introduction.id, "updated", at)
        .version(introduction.version)
        .within(introduction.partnership_id)
}

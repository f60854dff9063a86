//! What introductions say to the change feed.

use uuid::Uuid;

use super::model::Introduction;
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

/// Something that only the caller's firm sees of an introduction was changed.
pub(super) fn ours(caller: &Caller, introduction: &Introduction, at: Timestamp) -> Change {
    Change::by(caller, Kind::Introduction, introduction.id, "updated", at)
        .version(introduction.version)
        .within(introduction.partnership_id)
}

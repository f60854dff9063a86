//! What plans say to the change feed.

use uuid::Uuid;

use super::model::PlanVersion;
use crate::changes::{Change, Kind};
use crate::parties::Party;
use crate::platform::auth::Caller;
use crate::platform::values::Timestamp;

/// Something was done to a draft, which its own party alone sees.
pub(super) fn drafted(caller: &Caller, version: &PlanVersion, action: &'static str) -> Change {
    let at = version.updated_at;
    Change::by(caller, Kind::PlanVersion, version.id, action, at)
        .version(version.version)
        .within(version.partnership_id)
}

/// Something was done to a version that both see.
pub(super) fn done(
    caller: &Caller,
    party: &Party,
    (id, version): (Uuid, i32),
    action: &'static str,
    at: Timestamp,
) -> Change {
    both(caller, party, (Kind::PlanVersion, id, version), action, at)
}

/// Something was done that both parties see.
pub(super) fn both(
    caller: &Caller,
    party: &Party,
    (kind, id, version): (Kind, Uuid, i32),
    action: &'static str,
    at: Timestamp,
) -> Change {
    Change::by(caller, kind, id, action, at)
        .version(version)
        .within(party.partnership_id)
        .seen_by([party.us, party.them])
}

//! What clients and consents say to the change feed.

use uuid::Uuid;

use super::model::Client;
use crate::changes::{Change, Kind};
use crate::platform::auth::Caller;
use crate::platform::values::Timestamp;

/// A client was created.
pub(super) fn created(caller: &Caller, client: &Client) -> Change {
    Change::by(
        caller,
        Kind::Client,
        client.id,
        "created",
        client.updated_at,
    )
}

/// A client was changed.
pub(super) fn updated(caller: &Caller, client: &Client) -> Change {
    Change::by(
        caller,
        Kind::Client,
        client.id,
        "updated",
        client.updated_at,
    )
    .version(client.version)
}

/// An introduction looks different to the partner, since consent was recorded or withdrawn.
pub(super) fn seal_changed(
    caller: &Caller,
    seen: &super::store::Resealed,
    at: Timestamp,
) -> Change {
    let firms: [Uuid; 2] = [caller.firm_id, seen.partner_firm_id];
    Change::by(
        caller,
        Kind::Introduction,
        seen.introduction_id,
        "updated",
        at,
    )
    .version(seen.version)
    .within(seen.partnership_id)
    .seen_by(firms)
}

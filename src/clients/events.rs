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
    done(caller, client, "updated")
}

/// Something was done to a client.
pub(super) fn done(caller: &Caller, client: &Client, action: &'static str) -> Change {
    Change::by(caller, Kind::Client, client.id, action, client.updated_at).version(client.version)
}

/// A client of a firm was changed or erased, by somebody or by the service.
pub(super) fn of_firm(
    firm_id: Uuid,
    actor_id: Option<Uuid>,
    (client_id, version): (Uuid, i32),
    action: &'static str,
    at: Timestamp,
) -> Change {
    Change {
        kind: Kind::Client,
        resource_id: client_id,
        action,
        version,
        partnership_id: None,
        firms: vec![firm_id],
        actor_id,
        at,
    }
}

/// A consent was recorded or ended. The firm that serves the client sees it.
pub(super) fn consent(
    firm_id: Uuid,
    actor_id: Option<Uuid>,
    consent: (Uuid, Uuid, i32),
    action: &'static str,
    at: Timestamp,
) -> Change {
    let (id, partnership_id, version) = consent;
    Change {
        kind: Kind::Consent,
        resource_id: id,
        action,
        version,
        partnership_id: Some(partnership_id),
        firms: vec![firm_id],
        actor_id,
        at,
    }
}

/// An introduction looks different to the partner, since consent was recorded or ended.
pub(super) fn seal_changed(
    firm_id: Uuid,
    actor_id: Option<Uuid>,
    seen: &super::consents::store::Resealed,
    at: Timestamp,
) -> Change {
    Change {
        kind: Kind::Introduction,
        resource_id: seen.introduction_id,
        action: "updated",
        version: seen.version,
        partnership_id: Some(seen.partnership_id),
        firms: vec![firm_id, seen.partner_firm_id],
        actor_id,
        at,
    }
}

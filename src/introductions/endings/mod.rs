//! How introductions end without a verb of theirs: with their partnership, when nobody answers, when the
//! client is erased.

pub mod end;
pub mod erase;
pub mod expire;
mod store;

use uuid::Uuid;

use crate::changes::{Change, Kind};
use crate::platform::values::Timestamp;
use store::Ended;

/// An introduction ended by itself, or with its partnership or client. The receiver hears of it if it
/// was offered.
fn ended(actor_id: Option<Uuid>, ended: &Ended, action: &'static str, at: Timestamp) -> Change {
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

//! Touchpoints: time spent personally within a partnership, such as a meal, a coffee or a gift.
//!
//! `planned → held | cancelled`; what is written down afterwards is `held` at once. A touchpoint that is held has the
//! date on which it happened, which is not in the future in the zone of the firm that wrote it. The party that wrote
//! it alone changes and removes it, as long as the partnership lives.
//!
//! - A `shared` one is read by both parties. Of a `private` one the other firm sees no sign: not by its id, in no list,
//!   not in its change feed. Where one is made private, the other firm's feed says `deleted`, and where it is shared,
//!   `created`.
//! - Each party writes down its own cost and never the other's: a touchpoint with a cost was paid by the party that
//!   wrote it. A party that paid for what the other has written down writes a touchpoint of its own.
//! - Guests are members of the two firms, or people of theirs by name. No client is named anywhere in it.
//!
//! # What a person received
//!
//! The cost of a touchpoint counts as received by its guests of the other firm, in equal shares of integer minor
//! units; what is left over goes to the first of them, one unit each. Guests of the firm that paid receive nothing, and
//! a cost without a guest of the other firm is received by nobody.
//!
//! *Example: a meal of 100.00 with one's own Ana and the partner's Dana, Otis and Pia: Dana 33.34, Otis 33.33 and Pia
//! 33.33.*
//!
//! The total of a person is the sum of the shares of all that was held in the twelve months to a date: after the same
//! date a year before, and up to the date itself. Kinds count alike, a gift like a meal, and private ones count like
//! shared ones: the firm that paid alone reads the totals. Each currency has a total of its own; nothing is converted.
//! A member is one person over all partnerships of the two firms, and so is who has the same name, in whichever case it
//! is written; who has the name of a member of the firm is that member.
//!
//! *Example: twelve months to 2026-03-02 are the dates from 2025-03-03 to 2026-03-02.*
//!
//! # The limit
//!
//! A firm may have a limit for one person in twelve months ([`crate::firms`]). It holds for totals of its currency
//! alone. From 80 % of it on a total is near, and above it over. A touchpoint that the firm paid for warns of that,
//! whenever it is read, if one of those who receive a share comes so far in any twelve months to which it belongs;
//! one that is planned warns as if it had been held on its date, which is how the limit warns before it is passed.
//!
//! *Example: a limit of 250.00. Dana received 150.00 on 2025-10-01. A gift of 50.00 on 2026-03-02 makes it 200.00,
//! 80 %: near. Another of 50.00 makes it 250.00: near still. A cent more is over.*

mod content;
mod create;
mod delete;
mod events;
mod get;
mod gifts;
mod guests;
mod list;
mod model;
mod patch;
mod policy;
mod redaction;
mod shares;
mod store;
mod warnings;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use content::{Content, NewTouchpointGuest};
pub use create::create;
pub use model::{TouchpointKind, TouchpointState, TouchpointVisibility};
pub use redaction::redact;
pub use store::last_shared_meal;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create::create_touchpoint)
        .service(list::list_touchpoints)
        .service(get::get_touchpoint)
        .service(patch::patch_touchpoint)
        .service(delete::delete_touchpoint)
        .service(gifts::get::get_gift_totals);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("touchpoints_pkey", Means::IdTaken),
    constraint("touchpoints_firms_check", Means::Guarded),
    constraint("touchpoints_kind_check", Means::Guarded),
    constraint("touchpoints_state_check", Means::Guarded),
    constraint("touchpoints_visibility_check", Means::Guarded),
    constraint("touchpoints_dates_check", Means::Guarded),
    constraint("touchpoints_cost_check", Means::Guarded),
    constraint("touchpoints_partnership_id_fkey", Means::Gone),
    constraint("touchpoints_by_firm_id_fkey", Means::Gone),
    constraint("touchpoints_to_firm_id_fkey", Means::Gone),
    constraint("touchpoint_guests_pkey", Means::Guarded),
    constraint("touchpoint_guests_name_check", Means::Guarded),
    constraint("touchpoint_guests_share_minor_check", Means::Guarded),
    constraint("touchpoint_guests_touchpoint_id_fkey", Means::Gone),
    constraint("touchpoint_guests_firm_id_fkey", Means::Gone),
    constraint("touchpoint_guests_member_id_fkey", Means::Gone),
];

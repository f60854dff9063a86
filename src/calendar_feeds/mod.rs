//! Calendar feeds: a member's conversations and due steps, for whatever calendar program she has (RFC 5545).
//!
//! - The address is a secret: 256 random bits, told once and kept as a digest; another one takes its place, and it can be
//!   revoked. Whoever has it reads the feed without a token, as calendar programs do; a member who is deactivated loses it, and
//!   has none when she comes back.
//! - What is in it: the conversations of the partnerships that she leads, and the steps that she owes, from thirty days ago
//!   to a year ahead. What was cancelled, skipped or declined stays in it as `CANCELLED`, so that programs take it out.
//! - An event keeps its `UID`, and its `SEQUENCE` is the version of what it shows: it grows with every change.
//! - A calendar is read on many devices, so it names partners, dates and references, and neither clients nor the words
//!   of a step.

mod create;
mod delete;
mod get;
mod read;
mod render;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use delete::revoke;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get::get_calendar_feed)
        .service(create::create_calendar_feed)
        .service(delete::delete_calendar_feed)
        .service(read::read_calendar);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("calendar_feeds_pkey", Means::Guarded),
    constraint("calendar_feeds_secret_digest_key", Means::Guarded),
    constraint("calendar_feeds_secret_digest_check", Means::Guarded),
    constraint("calendar_feeds_member_id_fkey", Means::Gone),
    constraint("calendar_feeds_firm_id_fkey", Means::Gone),
];

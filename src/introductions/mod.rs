//! Introductions: one party (the introducer) introduces one of its clients to the other (the
//! receiver).
//!
//! `draft → offered → accepted → introduced → meeting_set → met → engaged | not_engaged`;
//! `offered | accepted → declined`; `offered → expired` after [`OFFER_SECONDS`]; any open stage
//! `→ withdrawn` by the introducer. Reports may skip stages forward, since a CRM reports late; the party
//! that recorded a stage may correct it. All of it stays in the history.
//!
//! - A draft is the introducer's alone. Offering and accepting need an active partnership;
//!   `introduced` and what follows need the client's consent.
//! - **Sealed identity**: the receiver sees figures and traits, but not name, address, number or
//!   notes, until the client's consent stands *and* it has accepted; a decline, a withdrawal or a
//!   consent withdrawn seals again. This is decided when something is read, in the statement that
//!   reads it: a sealed name never leaves the database. The same statement writes down to whom an
//!   identity was made known, on which consent (`disclosures`); see [`crate::disclosures`].
//! - Whoever reports that somebody was introduced says which agreed core story was told.
//! - One open introduction for a client and a partner firm.

mod accept;
mod advance;
mod create;
mod decline;
mod endings;
mod events;
mod external_ids;
mod fitting;
mod get;
mod list;
mod locking;
mod model;
mod moves;
mod offer;
mod others;
mod patch;
mod policy;
mod record;
mod reports;
mod store;
mod upsert;
mod withdraw;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use advance::offer;
pub use create::{CreateIntroduction, draft};
pub use endings::end::withdraw_open;
pub use endings::erase::erase_client;
pub use endings::expire::EXPIRE;
pub use model::{Direction, Introduction, ReasonCode, Stage};

/// For so many seconds, 30 days, an offer can be answered.
pub const OFFER_SECONDS: i64 = 30 * 24 * 3600;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create::create_introduction)
        .service(list::list_introductions)
        .service(fitting::get::get_introduction_fit)
        .service(upsert::upsert_introduction)
        .service(external_ids::get::get_introduction_by_external_id)
        .service(external_ids::link::link_introduction)
        .service(external_ids::unlink::unlink_introduction)
        .service(get::get_introduction)
        .service(patch::patch_introduction)
        .service(offer::offer_introduction)
        .service(accept::accept_introduction)
        .service(decline::decline_introduction)
        .service(withdraw::withdraw_introduction)
        .service(record::record_stage)
        .service(reports::correct::correct_stage)
        .service(reports::outcome::record_outcome)
        .service(reports::history::list_stages);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("introductions_pkey", Means::IdTaken),
    constraint(
        store::OPEN_KEY,
        Means::Exists("An open introduction of this client to this firm exists."),
    ),
    constraint("introductions_reference_key", Means::Guarded),
    constraint("introductions_stage_check", Means::Guarded),
    constraint("introductions_firms_check", Means::Guarded),
    constraint("introductions_expected_check", Means::Guarded),
    constraint("introductions_realised_check", Means::Guarded),
    constraint("introductions_partnership_id_fkey", Means::Gone),
    constraint("introductions_introducer_firm_id_fkey", Means::Gone),
    constraint("introductions_receiver_firm_id_fkey", Means::Gone),
    constraint("introductions_client_id_fkey", Means::Gone),
    constraint("introductions_previous_id_fkey", Means::Gone),
    constraint("introductions_outcome_check", Means::Guarded),
    constraint("introductions_reached_check", Means::Guarded),
    constraint("introductions_core_story_id_fkey", Means::Gone),
    constraint(
        store::EXTERNAL_ID_KEY,
        Means::Exists("Another introduction has this external id."),
    ),
    constraint(
        "introduction_external_ids_introduction_id_key",
        Means::Exists("The introduction has another id in this system."),
    ),
    constraint(
        "introduction_external_ids_introduction_id_fkey",
        Means::Gone,
    ),
    constraint("introduction_external_ids_firm_id_fkey", Means::Gone),
    constraint("introduction_stages_pkey", Means::Guarded),
    constraint("introduction_stages_stage_check", Means::Guarded),
    constraint("introduction_stages_introduction_id_fkey", Means::Gone),
    constraint("introduction_stages_recorded_by_firm_id_fkey", Means::Gone),
    constraint("introduction_stages_came_from_check", Means::Guarded),
    constraint("introduction_stages_corrects_check", Means::Guarded),
    constraint("introduction_stages_reported_by_firm_id_fkey", Means::Gone),
    constraint("disclosures_pkey", Means::Guarded),
    constraint("disclosures_principal_id_key", Means::Guarded),
    constraint("disclosures_client_id_fkey", Means::Gone),
    constraint("disclosures_consent_id_fkey", Means::Gone),
    constraint("disclosures_introduction_id_fkey", Means::Gone),
    constraint("disclosures_firm_id_fkey", Means::Gone),
    constraint("disclosures_partner_firm_id_fkey", Means::Gone),
];

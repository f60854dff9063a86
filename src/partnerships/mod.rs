//! Partnerships: the relationship between exactly two parties, a firm and its lead member each. The
//! only thing that two firms share.
//!
//! `proposed → exploring → active ⇄ paused`, `proposed → declined | withdrawn | expired`, any live state
//! (exploring, active, paused) `→ ended`, by either party with a reason. A firm proposes to an e-mail
//! address. If it is a member's, that firm finds the proposal; if not, an invitation goes out, with
//! which somebody signs a firm up and finds it. The proposer can't tell which it was, neither by the
//! answer nor by when the proposal expires.
//!
//! - Two leads have one open partnership. Proposals of theirs that cross become one: the later accepts
//!   the earlier, also where both are made at the same moment. A proposal to an address that was not
//!   proved yet is not met in this way, since whoever uses the address may not be the one who was meant;
//!   once the two leads have one, the other is left to expire.
//! - Offering and accepting introductions need `active`. The end withdraws drafts and open offers and
//!   cancels action steps that nobody has promised; see [`close_all`] for a firm that closes.
//! - Whoever leads a live partnership is an active member who may commit its firm. Whoever names a lead
//!   holds the firm first ([`crate::members::hold`]), so that the lead does not leave in the same moment;
//!   a proposal may be made to any member, who may leave before it is answered; where that one is gone
//!   or may not lead, whoever accepts does.
//! - A party is handed over to another lead of its firm. A recipient hands nothing over before it has
//!   answered: the proposer would see by it that the address has an account.
//! - The two write the terms of their arrangement (`terms/`), and each notes what it likes for itself
//!   (`notes/`), of which the other never sees a sign.
//! - `active` needs the foundation of the plan ([`crate::plan`]), which stays with its own feature.

mod accept;
mod activate;
mod addressee;
mod close;
mod decline;
mod end;
mod events;
mod expire;
mod get;
mod invitations;
mod lead;
mod list;
mod model;
mod notes;
mod pause;
mod policy;
mod propose;
mod redaction;
mod resume;
mod store;
mod terms;
mod withdraw;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use accept::accept;
pub use activate::activate;
pub use close::close_all;
pub use expire::EXPIRE;
pub use invitations::{find_invited, find_proposals, use_invitation};
pub use model::{Partnership, PartyView};
pub use propose::{ProposePartnership, propose};
pub use redaction::redact;
pub use store::purge_invitations;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(propose::propose_partnership)
        .service(list::list_partnerships)
        .service(get::get_partnership)
        .service(accept::accept_partnership)
        .service(decline::decline_partnership)
        .service(withdraw::withdraw_partnership)
        .service(activate::activate_partnership)
        .service(pause::pause_partnership)
        .service(resume::resume_partnership)
        .service(end::end_partnership)
        .service(lead::change_lead)
        .service(terms::get::get_partnership_terms)
        .service(terms::patch::patch_partnership_terms)
        .service(terms::history::list_partnership_terms)
        .service(notes::create::create_partnership_note)
        .service(notes::list::list_partnership_notes)
        .service(notes::get::get_partnership_note)
        .service(notes::patch::patch_partnership_note)
        .service(notes::delete::delete_partnership_note);
}

/// One sentence for both rules: which of them it was would tell whether the address has an account.
const STANDS: &str = "You have a live partnership with this address, or have proposed one.";

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("partnerships_pkey", Means::IdTaken),
    constraint(store::LEADS_KEY, Means::Exists(STANDS)),
    constraint("partnerships_proposed_key", Means::Exists(STANDS)),
    constraint("partnerships_state_check", Means::Guarded),
    constraint("partnerships_firms_check", Means::Guarded),
    constraint("partnerships_recipient_check", Means::Guarded),
    constraint("partnerships_answered_check", Means::Guarded),
    constraint("partnerships_paused_check", Means::Guarded),
    constraint("partnerships_paused_by_firm_id_fkey", Means::Gone),
    constraint("partnerships_proposer_firm_id_fkey", Means::Gone),
    constraint("partnerships_proposer_lead_id_fkey", Means::Gone),
    constraint("partnerships_recipient_firm_id_fkey", Means::Gone),
    constraint("partnerships_recipient_lead_id_fkey", Means::Gone),
    constraint("partnerships_ended_by_firm_id_fkey", Means::Gone),
    constraint("partnership_terms_pkey", Means::Guarded),
    constraint("partnership_terms_compensation_kind_check", Means::Guarded),
    constraint(
        "partnership_terms_compensation_basis_points_check",
        Means::Guarded,
    ),
    constraint(
        "partnership_terms_compensation_amount_check",
        Means::Guarded,
    ),
    constraint("partnership_terms_partnership_id_fkey", Means::Gone),
    constraint(
        "partnership_terms_compensation_paid_by_firm_id_fkey",
        Means::Gone,
    ),
    constraint("partnership_terms_changed_by_firm_id_fkey", Means::Gone),
    constraint("partnership_notes_pkey", Means::IdTaken),
    constraint("partnership_notes_partnership_id_fkey", Means::Gone),
    constraint("partnership_notes_firm_id_fkey", Means::Gone),
    constraint("invitations_pkey", Means::Guarded),
    constraint("invitations_token_digest_key", Means::Guarded),
    constraint("invitations_partnership_id_fkey", Means::Gone),
];

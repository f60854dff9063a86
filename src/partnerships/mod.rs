//! Partnerships: the relationship between exactly two parties, a firm and its lead member each. The
//! only thing that two firms share.
//!
//! `proposed → exploring → active`, `proposed → declined | withdrawn`, any live state `→ ended`, by
//! either party. A firm proposes to an e-mail address. If it is a member's, that firm finds the
//! proposal; if not, an invitation goes out, with which somebody signs a firm up and finds it. The
//! proposer can't tell which it was.
//!
//! `active` may be entered freely until the two agree on a plan here.

mod accept;
mod activate;
mod decline;
mod end;
mod events;
mod get;
mod invitations;
mod list;
mod model;
mod policy;
mod propose;
mod store;
mod withdraw;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use invitations::{find_proposals, use_invitation};
pub use model::{Partnership, PartyView};
pub use propose::{ProposePartnership, begin, propose};

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
        .service(end::end_partnership);
}

/// One sentence for both rules: which of them it was would tell whether the address has an account.
const STANDS: &str = "You have a live partnership with this address, or have proposed one.";

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("partnerships_pkey", Means::IdTaken),
    constraint("partnerships_leads_key", Means::Exists(STANDS)),
    constraint("partnerships_proposed_key", Means::Exists(STANDS)),
    constraint("partnerships_state_check", Means::Guarded),
    constraint("partnerships_firms_check", Means::Guarded),
    constraint("partnerships_recipient_check", Means::Guarded),
    constraint("partnerships_answered_check", Means::Guarded),
    constraint("partnerships_proposer_firm_id_fkey", Means::Gone),
    constraint("partnerships_proposer_lead_id_fkey", Means::Gone),
    constraint("partnerships_recipient_firm_id_fkey", Means::Gone),
    constraint("partnerships_recipient_lead_id_fkey", Means::Gone),
    constraint("partnerships_ended_by_firm_id_fkey", Means::Gone),
    constraint("invitations_pkey", Means::Guarded),
    constraint("invitations_token_digest_key", Means::Guarded),
    constraint("invitations_partnership_id_fkey", Means::Gone),
];

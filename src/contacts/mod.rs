//! Contacts: the teammates of one party whom the other may call, within one partnership, and what about.
//!
//! Each party writes its own and reads both sides', as long as the partnership lives; an ended one keeps them to be
//! read. A contact may be a member of its firm, and then is one contact of the partnership. A member who leaves the
//! firm is not offered any more, comes back with the member, and both parties are told of either.
//!
//! # Whom to call
//!
//! Asked about a reason, the service answers one person and one stand-in, by these rules:
//!
//! 1. Of the contacts of the party that is called, who have not left, those that have the reason; first those where
//!    it stands further up in their list, then those with the lower preference, then those that were made first.
//! 2. After them, in the same order, those that have the reason `other`.
//! 3. After them the lead of the party, with the address and number of the contact that she is, if she is one;
//!    without one, a partner learns the name alone.
//! 4. Whoever is away today, in the zone of the firm that is called, is passed over, and it is said who that is. The
//!    first and the last date of an absence belong to it.
//!
//! The first who is left is the person, the next the stand-in; nobody is both.
//!
//! *Example, asked about `tax` on 2026-03-02. Nora has `documents`, then `tax`; Otis has `tax` alone, with preference
//! 2; Pia has `tax` alone, with preference 1, and is away from 2026-03-01 to 2026-03-02; Quin has `other`; Rosa leads
//! the party. The order is Pia, Otis, Nora, Quin, Rosa, and Pia is away: Otis is the person and Nora the stand-in. On
//! 2026-03-03 it is Pia, and Otis stands in.*

mod create;
mod delete;
mod get;
mod leaving;
mod list;
mod model;
mod patch;
mod policy;
mod redaction;
mod store;
mod whom;
mod whom_to_call;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use create::create;
pub use leaving::tell_of_member;
pub use model::{CallReason, ContactFields, ContactReason};
pub use redaction::redact;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create::create_contact)
        .service(list::list_contacts)
        .service(whom_to_call::get_whom_to_call)
        .service(get::get_contact)
        .service(patch::patch_contact)
        .service(delete::delete_contact);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("contacts_pkey", Means::IdTaken),
    constraint(
        "contacts_member_id_key",
        Means::Exists("This member is a contact of the partnership already."),
    ),
    constraint("contacts_firms_check", Means::Guarded),
    constraint("contacts_phone_check", Means::Guarded),
    constraint("contacts_reasons_check", Means::Guarded),
    constraint("contacts_preference_check", Means::Guarded),
    constraint("contacts_away_check", Means::Guarded),
    constraint("contacts_partnership_id_fkey", Means::Gone),
    constraint("contacts_by_firm_id_fkey", Means::Gone),
    constraint("contacts_to_firm_id_fkey", Means::Gone),
    constraint("contacts_member_id_fkey", Means::Gone),
];

//! Clients: the people whom a firm serves and may introduce. A record of that firm alone, with its
//! figures, traits and ids in other systems; never a user of Quid.
//!
//! Within a firm two clients are the same by external id, e-mail address or phone number. The same
//! name alone is a warning, since real lists have namesakes; a family that shares one address is
//! told apart by `distinct_person`.
//!
//! A client's **consent** is the leave to be made known to one partner firm. At most one stands for
//! a client and a partner firm at a time; it can be withdrawn, and ends by itself after its last day.
//!
//! A client can be erased ([`crate::erasure`]), unless a legal hold lies on the record.

mod consents;
mod create;
mod erasing;
mod events;
mod get;
mod holds;
mod list;
mod model;
mod patch;
mod policy;
mod schema;
mod store;
mod upsert;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use consents::expire::EXPIRE as EXPIRE_CONSENTS;
pub use create::{CreateClient, create};
pub use erasing::erase::erase;
pub use erasing::{Identity, hold_identity, is_due, list_due};
pub use get::ClientPath;
pub use model::{Client, ClientFields, Consent};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create::create_client)
        .service(list::list_clients)
        .service(upsert::put::upsert_client)
        .service(upsert::get::get_client_by_external_id)
        .service(get::get_client)
        .service(patch::patch_client)
        .service(holds::lay::hold_client)
        .service(holds::lift::release_client)
        .service(consents::record::record_consent)
        .service(consents::list::list_consents)
        .service(consents::get::get_consent)
        .service(consents::withdraw::withdraw_consent);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("clients_pkey", Means::IdTaken),
    constraint(
        store::EMAIL_KEY,
        Means::Exists("Another client of yours has this address."),
    ),
    constraint(
        store::PHONE_KEY,
        Means::Exists("Another client of yours has this number."),
    ),
    constraint("clients_firm_id_fkey", Means::Gone),
    constraint("clients_hold_check", Means::Guarded),
    constraint("clients_erased_check", Means::Guarded),
    constraint(
        store::EXTERNAL_ID_KEY,
        Means::Exists("Another client of yours has this external id."),
    ),
    constraint(
        "client_external_ids_client_id_key",
        Means::Exists("The client has another id in this system."),
    ),
    constraint("client_external_ids_client_id_fkey", Means::Gone),
    constraint("client_external_ids_firm_id_fkey", Means::Gone),
    constraint("consents_pkey", Means::IdTaken),
    constraint(
        consents::store::STANDING_KEY,
        Means::Exists("The client's consent for this partner is recorded already."),
    ),
    constraint("consents_method_check", Means::Guarded),
    constraint(
        "consents_ends_on_check",
        Means::Field("/ends_on", "It ends before it was given."),
    ),
    constraint("consents_client_id_fkey", Means::Gone),
    constraint("consents_firm_id_fkey", Means::Gone),
    constraint("consents_partner_firm_id_fkey", Means::Gone),
    constraint("consents_partnership_id_fkey", Means::Gone),
];

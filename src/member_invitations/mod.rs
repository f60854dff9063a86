//! Invitations of members: how the people of a firm come in after its first admin.
//!
//! `pending → accepted | revoked | expired`. An admin invites an address with a role; a mail goes out
//! whose token, good once and for 14 days, makes its reader a member of the firm.
//!
//! - The admin does not learn whether the address has an account in another firm: the answer, what is
//!   done for it and how the invitation goes on are the same. A mail then says so instead, and the token
//!   is told to nobody.
//! - An address has one pending invitation of a firm. Who invites again sends another mail; the older
//!   invitation is revoked. A firm sends an address three mails an hour at most.
//! - The token is kept as its digest. An invitation that is unknown, revoked, used or expired, and one of
//!   a firm that has closed, are refused alike.
//! - Thirty days after it was over, an invitation is forgotten.
//! - Whoever accepts has proved the address, and so finds the proposals that were made to it, as does
//!   who signs a firm up (see [`crate::sign_up`]).

mod accept;
mod create;
mod get;
mod list;
mod mails;
mod model;
mod revoke;
mod store;

pub use store::purge;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create::create_member_invitation)
        .service(list::list_member_invitations)
        .service(get::get_member_invitation)
        .service(revoke::revoke_member_invitation)
        .service(accept::accept_member_invitation);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("member_invitations_pkey", Means::IdTaken),
    constraint("member_invitations_token_digest_key", Means::Guarded),
    constraint(
        store::OPEN_KEY,
        Means::Exists("Somebody has invited this address at the same moment."),
    ),
    constraint("member_invitations_role_check", Means::Guarded),
    constraint("member_invitations_accepted_check", Means::Guarded),
    constraint("member_invitations_over_check", Means::Guarded),
    constraint("member_invitations_firm_id_fkey", Means::Gone),
    constraint("member_invitations_invited_by_fkey", Means::Gone),
    constraint("member_invitations_member_id_fkey", Means::Gone),
];

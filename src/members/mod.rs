//! Members: the people who sign in, each in exactly one firm, with one role.

mod list;
mod me;
mod store;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::platform::auth::Role;
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::values::{EmailAddress, Name, Timestamp};

pub use store::{deactivate_all, find_active, find_by_email, insert as create, password_of};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(me::get_me).service(list::list_members);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("members_pkey", Means::Guarded),
    constraint(
        "members_email_key",
        Means::Exists("This address has an account already."),
    ),
    constraint("members_role_check", Means::Guarded),
    constraint("members_firm_id_fkey", Means::Gone),
];

/// A member of a firm, as the firm's members see each other.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Member {
    /// The member's id.
    pub id: Uuid,
    /// The member's firm.
    pub firm_id: Uuid,
    /// The member's name.
    pub name: Name,
    /// The address to sign in with.
    pub email: EmailAddress,
    /// What the member may do.
    pub role: Role,
    /// When the member joined.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
}

/// What a new member is.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// The id.
    pub id: Uuid,
    /// The firm.
    pub firm_id: Uuid,
    /// The name.
    pub name: Name,
    /// The address to sign in with.
    pub email: EmailAddress,
    /// The password's hash, as a PHC string.
    pub password_hash: String,
    /// What the member may do.
    pub role: Role,
}

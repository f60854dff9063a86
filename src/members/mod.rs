//! Members: the people who sign in, each in exactly one firm, with one role.
//!
//! The role is the admins' to change, the profile (name, phone, time zone, language) the member's own.

mod accounts;
mod get;
mod list;
mod me;
mod patch;
mod patch_me;
mod store;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::parties;
use crate::platform::auth::{Duty, Role};
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::values::{EmailAddress, LanguageTag, Name, TimeZone, Timestamp};

pub use accounts::{
    Account, Notice, OwnAccount, account_by_email, account_of, replace_password, set_password,
};
pub use get::MemberPath;
pub use store::{
    deactivate_all, find, find_account, find_active, find_by_email, hold_address, insert as create,
    lock_address, reactivate,
};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(me::get_me)
        .service(patch_me::patch_me)
        .service(list::list_members)
        .service(get::get_member)
        .service(patch::patch_member);
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
    /// The member's phone number in E.164. Partners do not see it.
    pub phone: Option<String>,
    /// The zone in which the member reads times; `null` for the firm's.
    pub time_zone: Option<TimeZone>,
    /// The language in which the member reads.
    pub locale: Option<LanguageTag>,
    /// When the member left; `null` while active.
    pub deactivated_at: Option<Timestamp>,
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

/// Makes others wait who change a firm's members, or hold them, until the transaction ends. Take it before
/// anything else is written or locked.
pub async fn lock(tx: &Tx, firm_id: Uuid) -> ApiResult<()> {
    store::lock(tx, firm_id).await
}

/// Keeps the members of these firms as they are until the transaction ends: nobody leaves, changes role,
/// or goes with a firm that closes. For whoever names one of them as a lead; take it before anything else
/// is written or locked.
pub async fn hold(tx: &Tx, firm_ids: &[Uuid]) -> ApiResult<()> {
    store::hold(tx, firm_ids).await
}

/// An active member of a firm who may lead a partnership: one who may commit the firm.
pub async fn find_lead(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Member>> {
    let member = store::find_active(conn, firm_id, id).await?;
    Ok(member.filter(|member| Duty::Commit.is_for(member.role)))
}

/// Deactivates a member who is active; `None` when it is not.
pub async fn deactivate(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<Member>> {
    store::lock(tx, firm_id).await?;
    if !store::deactivate(tx, firm_id, id, now).await? {
        return Ok(None);
    }
    let member = store::find(tx, firm_id, id).await?;
    let member = member.ok_or_else(Problem::not_found)?;
    keep_in_order(tx, &member).await?;
    Ok(Some(member))
}

/// Refuses what has just been done to a member when it leaves the firm without an admin, or an open
/// partnership without a lead who may commit the firm. The firm is locked, so that two at once can't
/// each count on the other.
async fn keep_in_order(tx: &Tx, member: &Member) -> ApiResult<()> {
    if !store::has_admin(tx, member.firm_id).await? {
        let problem = Problem::state_forbids("active", &[]).with("missing", "admin".into());
        return Err(problem.into());
    }
    let may_lead = member.deactivated_at.is_none() && Duty::Commit.is_for(member.role);
    if !may_lead && parties::leads(tx, member.id).await? {
        let problem = Problem::state_forbids("active", &[]).with("missing", "successor".into());
        return Err(problem.into());
    }
    Ok(())
}

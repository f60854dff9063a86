//! The table of members.

use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Member, NewMember};
use crate::platform::auth::Role;
use crate::platform::db::locks;
use crate::platform::db::schema::members;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{EmailAddress, LanguageTag, Name, TimeZone, Timestamp};
use crate::statement;

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = members)]
struct MemberRow {
    id: Uuid,
    firm_id: Uuid,
    name: Name,
    email: EmailAddress,
    role: Role,
    phone: Option<String>,
    time_zone: Option<TimeZone>,
    locale: Option<LanguageTag>,
    deactivated_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

impl From<MemberRow> for Member {
    fn from(row: MemberRow) -> Self {
        let MemberRow {
            id,
            firm_id,
            name,
            email,
            role,
            phone,
            time_zone,
            locale,
            deactivated_at,
            created_at,
            updated_at,
            version,
        } = row;
        Self {
            id,
            firm_id,
            name,
            email,
            role,
            phone,
            time_zone,
            locale,
            deactivated_at,
            created_at,
            updated_at,
            version,
        }
    }
}

/// Makes a member. Whoever proposes to the address at the same moment waits, or is waited for, see
/// [`lock_address`].
pub async fn insert(tx: &Tx, member: NewMember, now: Timestamp) -> ApiResult<Member> {
    lock_address(tx, &member.email).await?;
    let NewMember {
        id,
        firm_id,
        name,
        email,
        password_hash,
        role,
    } = member;
    let row = (
        members::id.eq(id),
        members::firm_id.eq(firm_id),
        members::name.eq(&name),
        members::email.eq(&email),
        members::password_hash.eq(password_hash),
        members::role.eq(role),
        members::created_at.eq(now),
        members::updated_at.eq(now),
    );
    diesel::insert_into(members::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    Ok(Member {
        id,
        firm_id,
        name,
        email,
        role,
        phone: None,
        time_zone: None,
        locale: None,
        deactivated_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    })
}

/// The active member with this address.
pub async fn find_by_email(conn: &Conn, email: &EmailAddress) -> ApiResult<Option<Member>> {
    let row = members::table
        .filter(members::email.eq(email))
        .filter(members::deactivated_at.is_null())
        .select(MemberRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(Member::from))
}

/// The firm of the account that an address has, whether active or not.
pub async fn find_account(conn: &Conn, email: &EmailAddress) -> ApiResult<Option<Uuid>> {
    Ok(members::table
        .filter(members::email.eq(email))
        .select(members::firm_id)
        .first(&mut &*conn)
        .await
        .optional()?)
}

/// A member of a firm, whether active or not.
pub async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Member>> {
    let one = members::table.find(id).filter(members::firm_id.eq(firm_id));
    let row = one
        .select(MemberRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(Member::from))
}

/// An active member of a firm.
pub async fn find_active(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Member>> {
    let one = members::table
        .find(id)
        .filter(members::firm_id.eq(firm_id))
        .filter(members::deactivated_at.is_null());
    let row = one
        .select(MemberRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(Member::from))
}

statement! {
    DeactivateAll { firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (SqlUuid, Integer),
    "UPDATE members SET deactivated_at = $2, updated_at = $2, version = version + 1
      WHERE firm_id = $1 AND deactivated_at IS NULL RETURNING id, version"
}

/// Deactivates all members of a firm that closes; gives them with their versions.
pub async fn deactivate_all(tx: &Tx, firm_id: Uuid, now: Timestamp) -> ApiResult<Vec<(Uuid, i32)>> {
    Ok(DeactivateAll { firm_id, now }.load(&mut &**tx).await?)
}

pub(super) async fn list(
    conn: &Conn,
    firm_id: Uuid,
    after: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<Member>> {
    let page = members::table
        .filter(members::firm_id.eq(firm_id))
        .filter(members::id.gt(after.unwrap_or_default()))
        .order(members::id)
        .limit(rows)
        .select(MemberRow::as_select());
    let rows: Vec<MemberRow> = page.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(Member::from).collect())
}

statement! {
    Lock { number: i64 => BigInt } -> (), "SELECT pg_advisory_xact_lock($1)"
}

/// Makes changes to a firm's members wait for one another until the transaction ends.
pub(super) async fn lock(tx: &Tx, firm_id: Uuid) -> ApiResult<()> {
    let number = lock_number(firm_id);
    Lock { number }.execute(&mut &**tx).await?;
    Ok(())
}

statement! {
    Hold<'a> { numbers: &'a [i64] => Array<BigInt> } -> (),
    "SELECT pg_advisory_xact_lock_shared(number) FROM unnest($1) number"
}

statement! {
    HoldAddress { number: i64 => BigInt } -> (), "SELECT pg_advisory_xact_lock_shared($1)"
}

/// Keeps an address as it is until the transaction ends: nobody gets or takes up an account with it. Take
/// it before a firm is locked or held, and before anything is written.
pub async fn hold_address(tx: &Tx, email: &EmailAddress) -> ApiResult<()> {
    let number = address_number(email);
    HoldAddress { number }.execute(&mut &**tx).await?;
    Ok(())
}

/// Makes others wait who hold an address, until the transaction ends; and waits for them, so that what
/// they have written for whoever has the address is there to be found. In the same order.
pub async fn lock_address(tx: &Tx, email: &EmailAddress) -> ApiResult<()> {
    let number = address_number(email);
    Lock { number }.execute(&mut &**tx).await?;
    Ok(())
}

fn address_number(email: &EmailAddress) -> i64 {
    locks::number(&format!("account of {}", email.as_str()))
}

/// Makes changes to these firms' members wait until the transaction ends, and waits for those under way.
pub(super) async fn hold(tx: &Tx, firm_ids: &[Uuid]) -> ApiResult<()> {
    let mut numbers: Vec<i64> = firm_ids.iter().copied().map(lock_number).collect();
    // One order for all, so that no two wait for each other.
    numbers.sort_unstable();
    Hold { numbers: &numbers }.execute(&mut &**tx).await?;
    Ok(())
}

fn lock_number(firm_id: Uuid) -> i64 {
    locks::number(&format!("members of {firm_id}"))
}

statement! {
    ChangeRole { id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, version: i32 => Integer, role: Role => Text, now: Timestamp => Timestamptz } -> Integer,
    "UPDATE members SET role = $4, updated_at = $5, version = version + 1
      WHERE id = $1 AND firm_id = $2 AND version = $3 AND role <> $4 RETURNING version"
}

/// Changes the role of a member of this version, and gives the version that this made.
pub(super) async fn change_role(
    tx: &Tx,
    member: &Member,
    role: Role,
    now: Timestamp,
) -> ApiResult<Option<i32>> {
    let change = ChangeRole {
        id: member.id,
        firm_id: member.firm_id,
        version: member.version,
        role,
        now,
    };
    Ok(change.get_result(&mut &**tx).await.optional()?)
}

statement! {
    ReplaceProfile<'a> {
        id: Uuid => SqlUuid, version: i32 => Integer, now: Timestamp => Timestamptz, name: &'a Name => Text,
        phone: Option<&'a str> => Nullable<Text>, time_zone: Option<&'a TimeZone> => Nullable<Text>,
        locale: Option<&'a LanguageTag> => Nullable<Text>,
    } -> Integer,
    "UPDATE members SET name = $4, phone = $5, time_zone = $6, locale = $7, updated_at = $3, version = version + 1
      WHERE id = $1 AND version = $2 AND deactivated_at IS NULL
        AND (name, phone, time_zone, locale) IS DISTINCT FROM ($4, $5, $6, $7)
      RETURNING version"
}

/// Writes a member's profile over its present version, and gives the version that this made; `None` when
/// there was nothing to change, or it is another version.
pub(super) async fn replace_profile(
    tx: &Tx,
    wanted: &Member,
    now: Timestamp,
) -> ApiResult<Option<i32>> {
    let replace = ReplaceProfile {
        id: wanted.id,
        version: wanted.version,
        now,
        name: &wanted.name,
        phone: wanted.phone.as_deref(),
        time_zone: wanted.time_zone.as_ref(),
        locale: wanted.locale.as_ref(),
    };
    Ok(replace.get_result(&mut &**tx).await.optional()?)
}

statement! {
    Deactivate { id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (),
    "UPDATE members SET deactivated_at = $3, updated_at = $3, version = version + 1
      WHERE id = $1 AND firm_id = $2 AND deactivated_at IS NULL"
}

/// Whether the member was active until now.
pub(super) async fn deactivate(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<bool> {
    let rows = Deactivate { id, firm_id, now }.execute(&mut &**tx).await?;
    Ok(rows > 0)
}

statement! {
    Reactivate { id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (),
    "UPDATE members SET deactivated_at = NULL, updated_at = $3, version = version + 1
      WHERE id = $1 AND firm_id = $2 AND deactivated_at IS NOT NULL"
}

/// Reactivates a member who left; `None` when it did not.
pub async fn reactivate(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<Member>> {
    match (Reactivate { id, firm_id, now })
        .execute(&mut &**tx)
        .await?
    {
        0 => Ok(None),
        _ => find(tx, firm_id, id).await,
    }
}

statement! {
    HasAdmin { firm_id: Uuid => SqlUuid } -> Bool,
    "SELECT EXISTS (SELECT FROM members WHERE firm_id = $1 AND role = 'admin' AND deactivated_at IS NULL)"
}

/// Whether a firm has an active admin.
pub(super) async fn has_admin(tx: &Tx, firm_id: Uuid) -> ApiResult<bool> {
    Ok(HasAdmin { firm_id }.get_result(&mut &**tx).await?)
}

//! The table of invitations of members.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{MemberInvitation, state};
use crate::platform::auth::Role;
use crate::platform::db::schema::member_invitations;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{EmailAddress, Name, Timestamp};
use crate::statement;

/// An address has one open invitation of a firm.
pub(super) const OPEN_KEY: &str = "member_invitations_open_key";

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = member_invitations)]
struct MemberInvitationRow {
    id: Uuid,
    email: EmailAddress,
    name: Option<Name>,
    role: Role,
    invited_by: Uuid,
    member_id: Option<Uuid>,
    created_at: Timestamp,
    expires_at: Timestamp,
    accepted_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    updated_at: Timestamp,
    version: i32,
}

impl MemberInvitationRow {
    /// As it is at an instant.
    fn at(self, now: Timestamp) -> MemberInvitation {
        let done = (self.accepted_at, self.revoked_at);
        MemberInvitation {
            id: self.id,
            state: state(done, self.expires_at, now),
            email: self.email,
            name: self.name,
            role: self.role,
            invited_by: self.invited_by,
            member_id: self.member_id,
            created_at: self.created_at,
            expires_at: self.expires_at,
            accepted_at: self.accepted_at,
            revoked_at: self.revoked_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }
}

pub(super) async fn find(
    conn: &Conn,
    firm_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<MemberInvitation>> {
    let one = member_invitations::table
        .find(id)
        .filter(member_invitations::firm_id.eq(firm_id));
    let row = one
        .select(MemberInvitationRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(|row| row.at(now)))
}

/// Newest first.
pub(super) async fn list(
    conn: &Conn,
    firm_id: Uuid,
    (after, rows): (Option<Uuid>, i64),
    now: Timestamp,
) -> ApiResult<Vec<MemberInvitation>> {
    let page = member_invitations::table
        .filter(member_invitations::firm_id.eq(firm_id))
        .filter(member_invitations::id.lt(after.unwrap_or(Uuid::max())))
        .order(member_invitations::id.desc())
        .limit(rows)
        .select(MemberInvitationRow::as_select());
    let rows: Vec<MemberInvitationRow> = page.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(|row| row.at(now)).collect())
}

statement! {
    CountSince<'a> { firm_id: Uuid => SqlUuid, email: &'a EmailAddress => Text, since: Timestamp => Timestamptz } -> BigInt,
    "SELECT count(*) FROM member_invitations WHERE firm_id = $1 AND email = $2 AND created_at > $3"
}

/// How often a firm has invited an address since an instant.
pub(super) async fn count_since(
    tx: &Tx,
    firm_id: Uuid,
    email: &EmailAddress,
    since: Timestamp,
) -> ApiResult<i64> {
    let count = CountSince {
        firm_id,
        email,
        since,
    };
    Ok(count.get_result(&mut &**tx).await?)
}

statement! {
    Replace<'a> { firm_id: Uuid => SqlUuid, email: &'a EmailAddress => Text, now: Timestamp => Timestamptz } -> (SqlUuid, Integer),
    "UPDATE member_invitations SET revoked_at = $3, updated_at = $3, version = version + 1
      WHERE firm_id = $1 AND email = $2 AND accepted_at IS NULL AND revoked_at IS NULL
      RETURNING id, version"
}

/// Makes place for another invitation of an address; gives the one that stood there, with its version.
pub(super) async fn replace(
    tx: &Tx,
    firm_id: Uuid,
    email: &EmailAddress,
    now: Timestamp,
) -> ApiResult<Option<(Uuid, i32)>> {
    let replace = Replace {
        firm_id,
        email,
        now,
    };
    Ok(replace.get_result(&mut &**tx).await.optional()?)
}

/// An invitation that goes out.
pub(super) struct NewMemberInvitation<'a> {
    pub id: Uuid,
    pub firm_id: Uuid,
    pub email: &'a EmailAddress,
    pub name: Option<&'a Name>,
    pub role: Role,
    pub token_digest: &'a [u8],
    pub invited_by: Uuid,
    pub now: Timestamp,
    pub expires_at: Timestamp,
}

pub(super) async fn insert(tx: &Tx, new: &NewMemberInvitation<'_>) -> ApiResult<()> {
    let row = (
        member_invitations::id.eq(new.id),
        member_invitations::firm_id.eq(new.firm_id),
        member_invitations::email.eq(new.email),
        member_invitations::name.eq(new.name),
        member_invitations::role.eq(new.role),
        member_invitations::token_digest.eq(new.token_digest),
        member_invitations::invited_by.eq(new.invited_by),
        member_invitations::created_at.eq(new.now),
        member_invitations::expires_at.eq(new.expires_at),
        member_invitations::updated_at.eq(new.now),
    );
    diesel::insert_into(member_invitations::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

statement! {
    Revoke { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (),
    "UPDATE member_invitations SET revoked_at = $3, updated_at = $3, version = version + 1
      WHERE id = $2 AND firm_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $3"
}

/// Revokes an invitation; says whether it was pending until now.
pub(super) async fn revoke(tx: &Tx, firm_id: Uuid, id: Uuid, now: Timestamp) -> ApiResult<bool> {
    let rows = Revoke { firm_id, id, now }.execute(&mut &**tx).await?;
    Ok(rows > 0)
}

/// What an invitation says of whoever accepts it.
#[derive(Debug, Queryable)]
pub(super) struct Invited {
    pub id: Uuid,
    pub firm_id: Uuid,
    pub email: EmailAddress,
    pub name: Option<Name>,
    pub role: Role,
    pub version: i32,
}

type InvitedColumns = (SqlUuid, SqlUuid, Text, Nullable<Text>, Text, Integer);

/// The invitation with the token's digest `$1` that is pending at `$2`. Whoever has sent it is an admin
/// still: it is worth no more than its sender.
macro_rules! pending {
    () => {
        " i.token_digest = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $2
           AND EXISTS (SELECT FROM members m
                        WHERE m.id = i.invited_by AND m.role = 'admin' AND m.deactivated_at IS NULL)"
    };
}

statement! {
    FindPending<'a> { token_digest: &'a [u8] => Binary, now: Timestamp => Timestamptz } -> InvitedColumns,
    concat!(
        "SELECT i.id, i.firm_id, i.email, i.name, i.role, i.version FROM member_invitations i WHERE",
        pending!()
    )
}

/// The pending invitation that a token accepts.
pub(super) async fn find_pending(
    conn: &Conn,
    token_digest: &[u8],
    now: Timestamp,
) -> ApiResult<Option<Invited>> {
    let find = FindPending { token_digest, now };
    Ok(find.get_result(&mut &*conn).await.optional()?)
}

statement! {
    Accept<'a> { token_digest: &'a [u8] => Binary, now: Timestamp => Timestamptz, member_id: Uuid => SqlUuid }
        -> InvitedColumns,
    concat!(
        "UPDATE member_invitations i
            SET accepted_at = $2, member_id = $3, updated_at = $2, version = version + 1
          WHERE",
        pending!(),
        " RETURNING i.id, i.firm_id, i.email, i.name, i.role, i.version"
    )
}

/// Uses up the pending invitation that a token accepts, for the member whom it is going to make.
pub(super) async fn accept(
    tx: &Tx,
    token_digest: &[u8],
    member_id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<Invited>> {
    let accept = Accept {
        token_digest,
        now,
        member_id,
    };
    Ok(accept.get_result(&mut &**tx).await.optional()?)
}

statement! {
    Purge { before: Timestamp => Timestamptz } -> (),
    "DELETE FROM member_invitations WHERE (accepted_at < $1 OR revoked_at < $1 OR expires_at < $1) AND id = ANY(ARRAY(
       SELECT id FROM member_invitations WHERE accepted_at < $1 OR revoked_at < $1 OR expires_at < $1 LIMIT 10000))"
}

/// Forgets invitations that were over before an instant, 10,000 at a time; gives how many.
pub async fn purge(tx: &Tx, before: Timestamp) -> ApiResult<usize> {
    Ok(Purge { before }.execute(&mut &**tx).await?)
}

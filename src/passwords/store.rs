//! The table of password resets.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::members::Account;
use crate::platform::db::schema::password_resets;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{EmailAddress, Timestamp};
use crate::statement;

/// Keeps the token of a reset: its id, whose it is, its digest, from when and until when.
pub(super) async fn insert(
    tx: &Tx,
    id: Uuid,
    account: &Account,
    token_digest: &[u8],
    (created_at, expires_at): (Timestamp, Timestamp),
) -> ApiResult<()> {
    let row = (
        password_resets::id.eq(id),
        password_resets::member_id.eq(account.member_id),
        password_resets::email.eq(&account.email),
        password_resets::token_digest.eq(token_digest),
        password_resets::created_at.eq(created_at),
        password_resets::expires_at.eq(expires_at),
    );
    diesel::insert_into(password_resets::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

/// Whose password a token resets that is still good, and to which address it was sent.
pub(super) async fn find_member(
    conn: &Conn,
    token_digest: &[u8],
    now: Timestamp,
) -> ApiResult<Option<(Uuid, EmailAddress)>> {
    Ok(password_resets::table
        .filter(password_resets::token_digest.eq(token_digest))
        .filter(password_resets::expires_at.gt(now))
        .select((password_resets::member_id, password_resets::email))
        .first(&mut &*conn)
        .await
        .optional()?)
}

statement! {
    Take<'a> { token_digest: &'a [u8] => Binary, now: Timestamp => Timestamptz } -> (),
    "DELETE FROM password_resets WHERE token_digest = $1 AND expires_at > $2"
}

/// Uses a token up; tells whether it was still good.
pub(super) async fn take(tx: &Tx, token_digest: &[u8], now: Timestamp) -> ApiResult<bool> {
    let take = Take { token_digest, now };
    Ok(take.execute(&mut &**tx).await? > 0)
}

statement! {
    Void { member_id: Uuid => SqlUuid } -> (),
    "DELETE FROM password_resets WHERE member_id = $1"
}

/// Makes every token of a member useless.
pub(super) async fn void(tx: &Tx, member_id: Uuid) -> ApiResult<()> {
    Void { member_id }.execute(&mut &**tx).await?;
    Ok(())
}

statement! {
    Purge { before: Timestamp => Timestamptz } -> (),
    "DELETE FROM password_resets WHERE expires_at < $1 AND ctid = ANY(ARRAY(
       SELECT ctid FROM password_resets WHERE expires_at < $1 LIMIT 10000))"
}

/// Removes tokens that have expired, 10,000 at a time; gives how many.
pub async fn purge(tx: &Tx, before: Timestamp) -> ApiResult<usize> {
    Ok(Purge { before }.execute(&mut &**tx).await?)
}

//! The table of sign-ups.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::schema::sign_ups;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{EmailAddress, Timestamp};
use crate::statement;

statement! {
    Hold<'a> { email: &'a EmailAddress => Text } -> Bool,
    "SELECT pg_try_advisory_xact_lock(hashtextextended('sign_ups ' || $1, 0))"
}

/// Keeps others from asking for the same address until the transaction ends; `false` where somebody does
/// so already.
pub(super) async fn hold(tx: &Tx, email: &EmailAddress) -> ApiResult<bool> {
    Ok(Hold { email }.get_result(&mut &**tx).await?)
}

/// A sign-up that is asked for.
pub(super) struct NewSignUp<'a> {
    pub id: Uuid,
    pub email: &'a EmailAddress,
    pub token_digest: &'a [u8],
    pub now: Timestamp,
    pub expires_at: Timestamp,
}

statement! {
    Insert<'a> {
        id: Uuid => SqlUuid, email: &'a EmailAddress => Text, token_digest: &'a [u8] => Binary,
        now: Timestamp => Timestamptz, expires_at: Timestamp => Timestamptz,
        since: Timestamp => Timestamptz, most: i64 => BigInt,
    } -> (),
    "INSERT INTO sign_ups (id, email, token_digest, created_at, expires_at)
     SELECT $1, $2, $3, $4, $5
      WHERE (SELECT count(*) FROM sign_ups WHERE email = $2 AND created_at > $6) < $7"
}

/// Keeps a sign-up, unless the address has as many of them since an instant as it may; says whether it
/// did. Exact only while the address is held.
pub(super) async fn insert(
    tx: &Tx,
    sign_up: &NewSignUp<'_>,
    since: Timestamp,
    most: i64,
) -> ApiResult<bool> {
    let insert = Insert {
        id: sign_up.id,
        email: sign_up.email,
        token_digest: sign_up.token_digest,
        now: sign_up.now,
        expires_at: sign_up.expires_at,
        since,
        most,
    };
    Ok(insert.execute(&mut &**tx).await? > 0)
}

/// The address that a token which can still be used was sent to.
pub(super) async fn find_address(
    conn: &Conn,
    token_digest: &[u8],
    now: Timestamp,
) -> ApiResult<Option<EmailAddress>> {
    Ok(sign_ups::table
        .filter(sign_ups::token_digest.eq(token_digest))
        .filter(sign_ups::used_at.is_null())
        .filter(sign_ups::expires_at.gt(now))
        .select(sign_ups::email)
        .first(&mut &*conn)
        .await
        .optional()?)
}

statement! {
    Use<'a> { token_digest: &'a [u8] => Binary, now: Timestamp => Timestamptz } -> Text,
    "UPDATE sign_ups SET used_at = $2
      WHERE token_digest = $1 AND used_at IS NULL AND expires_at > $2
      RETURNING email"
}

/// Uses a token up; gives the address that it was sent to.
pub(super) async fn use_up(
    tx: &Tx,
    token_digest: &[u8],
    now: Timestamp,
) -> ApiResult<Option<EmailAddress>> {
    Ok(Use { token_digest, now }
        .get_result(&mut &**tx)
        .await
        .optional()?)
}

statement! {
    Purge { before: Timestamp => Timestamptz } -> (),
    "DELETE FROM sign_ups WHERE expires_at <= $1 AND ctid = ANY(ARRAY(
       SELECT ctid FROM sign_ups WHERE expires_at <= $1 LIMIT 10000))"
}

/// Forgets sign-ups that had expired at an instant, 10,000 at a time; gives how many.
pub async fn purge(tx: &Tx, before: Timestamp) -> ApiResult<usize> {
    Ok(Purge { before }.execute(&mut &**tx).await?)
}

//! The tables of second factors and of recovery codes.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::schema::{recovery_codes, second_factors};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// A second factor as it is kept.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = second_factors)]
pub(super) struct SecondFactorRow {
    pub sealed_secret: Vec<u8>,
    pub confirmed_at: Option<Timestamp>,
}

pub(super) async fn find(conn: &Conn, member_id: Uuid) -> ApiResult<Option<SecondFactorRow>> {
    Ok(second_factors::table
        .find(member_id)
        .select(SecondFactorRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()?)
}

statement! {
    Begin<'a> { member_id: Uuid => SqlUuid, sealed_secret: &'a [u8] => Binary, now: Timestamp => Timestamptz } -> (),
    "INSERT INTO second_factors AS s (member_id, sealed_secret, created_at) VALUES ($1, $2, $3)
     ON CONFLICT (member_id) DO UPDATE SET sealed_secret = $2, created_at = $3 WHERE s.confirmed_at IS NULL"
}

/// Keeps a secret in place of one that was not confirmed; tells whether there was none that was.
pub(super) async fn begin(
    tx: &Tx,
    member_id: Uuid,
    sealed_secret: &[u8],
    now: Timestamp,
) -> ApiResult<bool> {
    let begin = Begin {
        member_id,
        sealed_secret,
        now,
    };
    Ok(begin.execute(&mut &**tx).await? > 0)
}

statement! {
    Confirm<'a> { member_id: Uuid => SqlUuid, sealed_secret: &'a [u8] => Binary, step: i64 => BigInt, now: Timestamp => Timestamptz } -> (),
    "UPDATE second_factors SET confirmed_at = $4, last_step = $3
      WHERE member_id = $1 AND sealed_secret = $2 AND confirmed_at IS NULL"
}

/// Confirms the secret with the step of its first code; tells whether it was still to be confirmed.
pub(super) async fn confirm(
    tx: &Tx,
    member_id: Uuid,
    sealed_secret: &[u8],
    step: i64,
    now: Timestamp,
) -> ApiResult<bool> {
    let confirm = Confirm {
        member_id,
        sealed_secret,
        step,
        now,
    };
    Ok(confirm.execute(&mut &**tx).await? > 0)
}

statement! {
    TakeStep { member_id: Uuid => SqlUuid, step: i64 => BigInt } -> (),
    "UPDATE second_factors SET last_step = $2
      WHERE member_id = $1 AND confirmed_at IS NOT NULL AND (last_step IS NULL OR last_step < $2)"
}

/// Takes the code of a step; tells whether none of it or after it was taken before.
pub(super) async fn take_step(tx: &Tx, member_id: Uuid, step: i64) -> ApiResult<bool> {
    let take = TakeStep { member_id, step };
    Ok(take.execute(&mut &**tx).await? > 0)
}

statement! {
    Hold { member_id: Uuid => SqlUuid } -> Bool,
    "SELECT confirmed_at IS NOT NULL FROM second_factors WHERE member_id = $1 FOR UPDATE"
}

/// Whether the second factor was confirmed, which nobody changes until the transaction ends, nor the
/// recovery codes; `None` when there is none.
pub(super) async fn hold(tx: &Tx, member_id: Uuid) -> ApiResult<Option<bool>> {
    Ok(Hold { member_id }.get_result(&mut &**tx).await.optional()?)
}

statement! {
    Remove { member_id: Uuid => SqlUuid } -> (),
    "DELETE FROM second_factors WHERE member_id = $1"
}

/// Removes a second factor with its recovery codes.
pub(super) async fn remove(tx: &Tx, member_id: Uuid) -> ApiResult<()> {
    Remove { member_id }.execute(&mut &**tx).await?;
    Ok(())
}

statement! {
    UseRecoveryCode<'a> { member_id: Uuid => SqlUuid, digest: &'a [u8] => Binary } -> (),
    "DELETE FROM recovery_codes WHERE member_id = $1 AND code_digest = $2"
}

/// Uses a recovery code up; tells whether it was there.
pub(super) async fn use_recovery_code(tx: &Tx, member_id: Uuid, digest: &[u8]) -> ApiResult<bool> {
    let used = UseRecoveryCode { member_id, digest };
    Ok(used.execute(&mut &**tx).await? > 0)
}

pub(super) async fn count_recovery_codes(conn: &Conn, member_id: Uuid) -> ApiResult<i64> {
    Ok(recovery_codes::table
        .filter(recovery_codes::member_id.eq(member_id))
        .count()
        .get_result(&mut &*conn)
        .await?)
}

/// Keeps these recovery codes and no others.
pub(super) async fn replace_recovery_codes(
    tx: &Tx,
    member_id: Uuid,
    digests: Vec<Vec<u8>>,
) -> ApiResult<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::member_id.eq(member_id)))
        .execute(&mut &**tx)
        .await?;
    let rows: Vec<_> = digests
        .into_iter()
        .map(|digest| {
            (
                recovery_codes::member_id.eq(member_id),
                recovery_codes::code_digest.eq(digest),
            )
        })
        .collect();
    diesel::insert_into(recovery_codes::table)
        .values(rows)
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

statement! {
    ForgetPending { member_id: Uuid => SqlUuid } -> (),
    "DELETE FROM second_factors WHERE member_id = $1 AND confirmed_at IS NULL"
}

/// Forgets a secret that no code has confirmed: with a new password, whoever began with the old one
/// does not go on.
pub async fn forget_pending(tx: &Tx, member_id: Uuid) -> ApiResult<()> {
    ForgetPending { member_id }.execute(&mut &**tx).await?;
    Ok(())
}

statement! {
    Purge { before: Timestamp => Timestamptz } -> (),
    "DELETE FROM second_factors WHERE confirmed_at IS NULL AND created_at < $1 AND member_id = ANY(ARRAY(
       SELECT member_id FROM second_factors WHERE confirmed_at IS NULL AND created_at < $1 LIMIT 10000))"
}

/// Removes second factors that nobody confirmed, 10,000 at a time; gives how many.
pub async fn purge(tx: &Tx, before: Timestamp) -> ApiResult<usize> {
    Ok(Purge { before }.execute(&mut &**tx).await?)
}

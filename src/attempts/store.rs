//! The table of attempts.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Timestamptz};
use diesel_async::RunQueryDsl;

use crate::platform::db::Tx;
use crate::platform::db::schema::attempts;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

statement! {
    /// One statement, so that attempts at once can't each find room for themselves.
    Charge<'a> {
        subject: &'a [u8] => Binary, now: Timestamp => Timestamptz, micros: i64 => BigInt, full: Timestamp => Timestamptz,
    } -> (),
    "INSERT INTO attempts AS a (subject, clears_at) VALUES ($1, $2 + $3 * interval '1 microsecond')
     ON CONFLICT (subject) DO UPDATE SET clears_at = greatest(a.clears_at, $2) + $3 * interval '1 microsecond'
      WHERE greatest(a.clears_at, $2) + $3 * interval '1 microsecond' <= $4"
}

/// Moves a count on by one interval, unless it would then be more than full; tells whether it did.
pub(super) async fn charge(
    tx: &Tx,
    subject: &[u8],
    now: Timestamp,
    micros: i64,
    full: Timestamp,
) -> ApiResult<bool> {
    let charge = Charge {
        subject,
        now,
        micros,
        full,
    };
    Ok(charge.execute(&mut &**tx).await? > 0)
}

/// When a count ends.
pub(super) async fn clears_at(tx: &Tx, subject: &[u8]) -> ApiResult<Option<Timestamp>> {
    Ok(attempts::table
        .find(subject)
        .select(attempts::clears_at)
        .first(&mut &**tx)
        .await
        .optional()?)
}

statement! {
    GiveBack<'a> { subject: &'a [u8] => Binary, micros: i64 => BigInt } -> (),
    "UPDATE attempts SET clears_at = clears_at - $2 * interval '1 microsecond' WHERE subject = $1"
}

/// Moves a count back by one interval.
pub(super) async fn give_back(tx: &Tx, subject: &[u8], micros: i64) -> ApiResult<()> {
    GiveBack { subject, micros }.execute(&mut &**tx).await?;
    Ok(())
}

statement! {
    Purge { now: Timestamp => Timestamptz } -> (),
    "DELETE FROM attempts WHERE clears_at < $1 AND ctid = ANY(ARRAY(
       SELECT ctid FROM attempts WHERE clears_at < $1 LIMIT 10000))"
}

/// Removes counts that are empty, 10,000 at a time; gives how many.
pub async fn purge(tx: &Tx, now: Timestamp) -> ApiResult<usize> {
    Ok(Purge { now }.execute(&mut &**tx).await?)
}

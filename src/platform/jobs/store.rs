//! The table of jobs.

use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Jsonb, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use serde_json::Value;
use uuid::Uuid;

use super::CHANNEL;
use crate::platform::db::Tx;
use crate::platform::db::schema::jobs;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

#[derive(Debug, Queryable)]
pub(super) struct JobRow {
    pub id: Uuid,
    pub kind: String,
    pub payload: Value,
    pub attempts: i32,
}

pub(super) async fn insert(
    tx: &Tx,
    id: Uuid,
    kind: &str,
    payload: Value,
    now: Timestamp,
) -> ApiResult<()> {
    let row = (
        jobs::id.eq(id),
        jobs::kind.eq(kind),
        jobs::payload.eq(payload),
        jobs::run_at.eq(now),
        jobs::created_at.eq(now),
    );
    diesel::insert_into(jobs::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    // Delivered when the transaction commits.
    (&mut &**tx)
        .batch_execute(&format!("NOTIFY {CHANNEL}"))
        .await?;
    Ok(())
}

statement! {
    Claim<'a> { now: Timestamp => Timestamptz, until: Timestamp => Timestamptz, kinds: &'a [&'a str] => Array<Text> } -> (SqlUuid, Text, Jsonb, Integer),
    "UPDATE jobs SET claimed_until = $2, attempts = attempts + 1
      WHERE id = (SELECT id FROM jobs
                   WHERE kind = ANY($3) AND run_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
                   ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id, kind, payload, attempts"
}

pub(super) async fn claim(
    tx: &Tx,
    kinds: &[&str],
    now: Timestamp,
    until: Timestamp,
) -> ApiResult<Option<JobRow>> {
    let claim = Claim { now, until, kinds };
    Ok(claim.get_result(&mut &**tx).await.optional()?)
}

statement! {
    Remove { id: Uuid => SqlUuid, attempts: i32 => Integer } -> (),
    "DELETE FROM jobs WHERE id = $1 AND attempts = $2"
}

/// Removes a job that was done, unless the claim ran out and another worker has it now.
pub(super) async fn remove(tx: &Tx, id: Uuid, attempts: i32) -> ApiResult<()> {
    Remove { id, attempts }.execute(&mut &**tx).await?;
    Ok(())
}

statement! {
    Postpone<'a> { id: Uuid => SqlUuid, attempts: i32 => Integer, run_at: Timestamp => Timestamptz, error: &'a str => Text } -> (),
    "UPDATE jobs SET run_at = $3, claimed_until = NULL, last_error = $4 WHERE id = $1 AND attempts = $2"
}

/// Gives a job that failed back for later, likewise.
pub(super) async fn postpone(
    tx: &Tx,
    (id, attempts): (Uuid, i32),
    run_at: Timestamp,
    error: &str,
) -> ApiResult<()> {
    Postpone {
        id,
        attempts,
        run_at,
        error,
    }
    .execute(&mut &**tx)
    .await?;
    Ok(())
}

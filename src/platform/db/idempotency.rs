//! What was answered under an idempotency key, kept with the effect for a day.

use diesel::sql_types::{Array, BigInt, Binary, Bool, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{OptionalExtension, Queryable};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Tx;
use super::constraints::{Constraint, Means, constraint};
use super::locks;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// The primary key's constraint: another request with the same key was faster.
pub const KEY_CONSTRAINT: &str = "idempotency_keys_pkey";

/// What the constraints of this module's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[constraint(KEY_CONSTRAINT, Means::Guarded)];

/// A request as an idempotency key knows it.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who sent it.
    pub principal_id: Uuid,
    /// Which operation: method and pattern.
    pub operation: String,
    /// The keys under which it is known: the header's, and that of the id which the client made.
    pub keys: Vec<String>,
    /// Digest of path and body.
    pub digest: [u8; 32],
}

/// What is known of a request before it is carried out.
#[derive(Debug)]
pub enum Known {
    /// Nothing; this transaction now holds the key.
    New,
    /// It is being carried out by another.
    Running,
    /// It was carried out.
    Done(Answered),
}

/// What was answered.
#[derive(Debug, Queryable)]
pub struct Answered {
    /// The key under which it was found.
    pub key: String,
    /// Digest of path and body.
    pub digest: Vec<u8>,
    /// The HTTP status.
    pub status: i32,
    /// The resource that was made or changed.
    pub resource_id: Uuid,
}

statement! {
    /// Takes the keys for this transaction, if nobody holds one of them.
    Hold<'a> { locks: &'a [i64] => Array<BigInt> } -> Bool,
    "SELECT bool_and(pg_try_advisory_xact_lock(lock)) FROM unnest($1) lock"
}

statement! {
    /// What was answered under the first key, or else under the second. Two equalities, since a list
    /// of keys would be looked for among all keys of the principal and operation.
    LookUp<'a> {
        principal_id: Uuid => SqlUuid, operation: &'a str => Text, first: &'a str => Text, second: &'a str => Text,
    } -> (Text, Binary, Integer, SqlUuid),
    "SELECT * FROM (
       SELECT key, digest, status, resource_id FROM idempotency_keys
        WHERE principal_id = $1 AND operation = $2 AND key = $3
        UNION ALL
       SELECT key, digest, status, resource_id FROM idempotency_keys
        WHERE principal_id = $1 AND operation = $2 AND key = $4) found LIMIT 1"
}

/// Takes a request's keys for the transaction, without waiting for another that holds one, and then
/// looks it up: in a statement of its own, which sees what the last holder committed.
pub async fn look_up(tx: &Tx, request: &Request) -> ApiResult<Known> {
    let keys = request.keys.as_slice();
    let locks: Vec<i64> = keys.iter().map(|key| lock_number(request, key)).collect();
    let held: bool = Hold { locks: &locks }.get_result(&mut &**tx).await?;
    if !held {
        return Ok(Known::Running);
    }
    let (principal_id, operation) = (request.principal_id, request.operation.as_str());
    let first = keys.first().map_or("", String::as_str);
    let second = keys.last().map_or("", String::as_str);
    let look_up = LookUp {
        principal_id,
        operation,
        first,
        second,
    };
    let answered: Option<Answered> = look_up.get_result(&mut &**tx).await.optional()?;
    Ok(answered.map_or(Known::New, Known::Done))
}

fn lock_number(request: &Request, key: &str) -> i64 {
    let (principal_id, operation) = (request.principal_id, &request.operation);
    locks::number(&format!("{principal_id}\n{operation}\n{key}"))
}

statement! {
    Keep<'a> {
        principal_id: Uuid => SqlUuid, operation: &'a str => Text, keys: &'a [String] => Array<Text>,
        digest: &'a [u8] => Binary, status: i32 => Integer, resource_id: Uuid => SqlUuid, at: Timestamp => Timestamptz,
    } -> (),
    "INSERT INTO idempotency_keys (principal_id, operation, key, digest, status, resource_id, created_at)
     SELECT $1, $2, unnest($3), $4, $5, $6, $7"
}

/// Keeps what is answered, in the transaction of the effect.
pub async fn keep(
    tx: &Tx,
    request: &Request,
    status: u16,
    resource_id: Uuid,
    at: Timestamp,
) -> ApiResult<()> {
    Keep {
        principal_id: request.principal_id,
        operation: &request.operation,
        keys: &request.keys,
        digest: &request.digest,
        status: i32::from(status),
        resource_id,
        at,
    }
    .execute(&mut &**tx)
    .await?;
    Ok(())
}

statement! {
    Purge { before: Timestamp => Timestamptz } -> (),
    "DELETE FROM idempotency_keys WHERE created_at < $1 AND ctid = ANY(ARRAY(
       SELECT ctid FROM idempotency_keys WHERE created_at < $1 LIMIT 10000))"
}

/// Forgets what was answered before an instant, 10,000 rows at a time; gives how many.
pub async fn purge(tx: &Tx, before: Timestamp) -> ApiResult<usize> {
    Ok(Purge { before }.execute(&mut &**tx).await?)
}

//! What was answered under an idempotency key, kept with the effect for a day.

use diesel::Queryable;
use diesel::sql_types::{
    Array, BigInt, Binary, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::constraints::{Constraint, Means, constraint};
use super::{Conn, Tx};
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
    pub resource_id: Option<Uuid>,
}

type LookUpColumns = (
    Bool,
    Nullable<Text>,
    Nullable<Binary>,
    Nullable<Integer>,
    Nullable<SqlUuid>,
);
type LookUpRow = (
    bool,
    Option<String>,
    Option<Vec<u8>>,
    Option<i32>,
    Option<Uuid>,
);

statement! {
    /// Takes the key for this transaction, if nobody holds it, and tells what was answered under it.
    LookUp<'a> {
        lock: i64 => BigInt, principal_id: Uuid => SqlUuid, operation: &'a str => Text, keys: &'a [String] => Array<Text>,
    } -> LookUpColumns,
    "SELECT held.it, k.key, k.digest, k.status, k.resource_id
       FROM (SELECT pg_try_advisory_xact_lock($1) AS it) held
       LEFT JOIN idempotency_keys k
         ON k.principal_id = $2 AND k.operation = $3 AND k.key = ANY($4)
      ORDER BY array_position($4, k.key) LIMIT 1"
}

/// Looks a request up and takes its key for the transaction, without waiting for another that
/// holds it.
///
/// The answer may be one commit old; then [`keep`] meets [`KEY_CONSTRAINT`] and the caller begins
/// anew.
pub async fn look_up(tx: &Tx, request: &Request) -> ApiResult<Known> {
    let row: LookUpRow = LookUp {
        lock: lock_number(request),
        principal_id: request.principal_id,
        operation: &request.operation,
        keys: &request.keys,
    }
    .get_result(&mut &**tx)
    .await?;
    Ok(match row {
        (_, Some(key), Some(digest), Some(status), resource_id) => Known::Done(Answered {
            key,
            digest,
            status,
            resource_id,
        }),
        (false, ..) => Known::Running,
        _ => Known::New,
    })
}

fn lock_number(request: &Request) -> i64 {
    let key = request.keys.as_slice().first().map_or("", String::as_str);
    let whole = format!("{}\n{}\n{key}", request.principal_id, request.operation);
    let digest = crate::platform::digest::sha256(whole.as_bytes());
    let mut first = [0; 8];
    first
        .iter_mut()
        .zip(digest)
        .for_each(|(to, from)| *to = from);
    i64::from_be_bytes(first)
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
    "DELETE FROM idempotency_keys WHERE created_at < $1"
}

/// Forgets what was answered before an instant; gives how many.
pub async fn purge(conn: &Conn, before: Timestamp) -> ApiResult<usize> {
    Ok(Purge { before }.execute(&mut &*conn).await?)
}

//! Signing keys in the database.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;

use crate::platform::db::schema::signing_keys;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;
use diesel::sql_types::{Text, Timestamptz};

/// A signing key as it is kept: the private part sealed under the master key.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys)]
pub(super) struct SigningKeyRow {
    pub kid: String,
    pub sealed_private_key: Vec<u8>,
    pub public_jwk: Value,
    pub created_at: Timestamp,
    pub signs_from: Timestamp,
    pub verifies_until: Option<Timestamp>,
}

/// The keys that still verify, the newest signer first.
pub(super) async fn list_keys(conn: &Conn, now: Timestamp) -> ApiResult<Vec<SigningKeyRow>> {
    Ok(signing_keys::table
        .filter(
            signing_keys::verifies_until
                .is_null()
                .or(signing_keys::verifies_until.gt(now)),
        )
        .order((signing_keys::signs_from.desc(), signing_keys::kid))
        .select(SigningKeyRow::as_select())
        .load(&mut &*conn)
        .await?)
}

pub(super) async fn insert(tx: &Tx, key: &SigningKeyRow) -> ApiResult<()> {
    diesel::insert_into(signing_keys::table)
        .values(key)
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

statement! {
    /// Lets every other key verify until `until` and no longer.
    RetireOthers<'a> { kid: &'a str => Text, until: Timestamp => Timestamptz } -> (),
    "UPDATE signing_keys SET verifies_until = $2
      WHERE kid <> $1 AND (verifies_until IS NULL OR verifies_until > $2)"
}

pub(super) async fn retire_others(tx: &Tx, kid: &str, until: Timestamp) -> ApiResult<()> {
    RetireOthers { kid, until }.execute(&mut &**tx).await?;
    Ok(())
}

/// Serialises key making: of two replicas that start on an empty database one makes the key.
pub(super) async fn lock(tx: &Tx) -> ApiResult<()> {
    diesel::sql_query("LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE")
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

statement! {
    Tell<'a> { channel: &'a str => Text, word: String => Text } -> Text,
    "SELECT pg_notify($1, $2)::text"
}

/// Tells every replica, when the transaction commits, to forget what it remembers of a credential.
pub(super) async fn tell(tx: &Tx, channel: &str, word: String) -> ApiResult<()> {
    Tell { channel, word }.execute(&mut &**tx).await?;
    Ok(())
}

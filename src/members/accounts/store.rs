//! What the table of members keeps for signing in.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Account;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{EmailAddress, Name};
use crate::statement;

type Columns = (SqlUuid, SqlUuid, Text, Text, Text, Text, Integer);
type Row = (Uuid, Uuid, Name, EmailAddress, Name, String, i32);

fn account(row: Row) -> Account {
    let (member_id, firm_id, name, email, firm_name, password_hash, version) = row;
    Account {
        member_id,
        firm_id,
        name,
        email,
        firm_name,
        password_hash,
        version,
    }
}

/// The accounts of active members of open firms for which this holds.
macro_rules! accounts {
    ($condition:literal) => {
        concat!(
            "SELECT m.id, m.firm_id, m.name, m.email, f.name, m.password_hash, m.version
               FROM members m JOIN firms f ON f.id = m.firm_id
              WHERE m.deactivated_at IS NULL AND f.closed_at IS NULL AND ",
            $condition
        )
    };
}

statement! {
    AccountByEmail<'a> { email: &'a EmailAddress => Text } -> Columns, accounts!("m.email = $1")
}

/// The account with this address, while its member is active.
pub async fn account_by_email(conn: &Conn, email: &EmailAddress) -> ApiResult<Option<Account>> {
    let find = AccountByEmail { email };
    let row: Option<Row> = find.get_result(&mut &*conn).await.optional()?;
    Ok(row.map(account))
}

statement! {
    AccountOf { id: Uuid => SqlUuid } -> Columns, accounts!("m.id = $1")
}

/// The account of this member, while it is active.
pub async fn account_of(conn: &Conn, id: Uuid) -> ApiResult<Option<Account>> {
    let row: Option<Row> = AccountOf { id }.get_result(&mut &*conn).await.optional()?;
    Ok(row.map(account))
}

statement! {
    HoldAccount<'a> { id: Uuid => SqlUuid, hash: &'a str => Text } -> SqlUuid,
    "SELECT id FROM members WHERE id = $1 AND password_hash = $2 AND deactivated_at IS NULL FOR SHARE"
}

/// Holds an active member's account as it is until the transaction ends, if its password still has this
/// hash; tells whether it has.
pub(super) async fn hold(tx: &Tx, id: Uuid, hash: &str) -> ApiResult<bool> {
    let held: Option<Uuid> = HoldAccount { id, hash }
        .get_result(&mut &**tx)
        .await
        .optional()?;
    Ok(held.is_some())
}

statement! {
    SetPassword<'a> { id: Uuid => SqlUuid, hash: &'a str => Text, before: Option<&'a str> => Nullable<Text> } -> SqlUuid,
    "UPDATE members SET password_hash = $2
      WHERE id = $1 AND deactivated_at IS NULL AND password_hash = coalesce($3, password_hash) RETURNING id"
}

/// Sets an active member's password; tells whether there is one.
pub async fn set_password(tx: &Tx, member_id: Uuid, hash: &str) -> ApiResult<bool> {
    set(tx, member_id, hash, None).await
}

/// Sets an active member's password if it is still the one with the hash before; tells whether it was.
pub async fn replace_password(
    tx: &Tx,
    member_id: Uuid,
    before: &str,
    hash: &str,
) -> ApiResult<bool> {
    set(tx, member_id, hash, Some(before)).await
}

async fn set(tx: &Tx, id: Uuid, hash: &str, before: Option<&str>) -> ApiResult<bool> {
    let done = SetPassword { id, hash, before };
    let row: Option<Uuid> = done.get_result(&mut &**tx).await.optional()?;
    Ok(row.is_some())
}

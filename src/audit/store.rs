//! The tables of the audit log.

use diesel::sql_types::{Array, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Entry;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

statement! {
    Insert<'a> {
        firms: &'a [Uuid] => Array<SqlUuid>, actor_id: Option<Uuid> => Nullable<SqlUuid>, action: &'a str => Text, kind: &'a str => Text,
        resource_id: Option<Uuid> => Nullable<SqlUuid>, partnership_id: Option<Uuid> => Nullable<SqlUuid>,
        version: Option<i32> => Nullable<Integer>, at: Timestamp => Timestamptz,
    } -> (),
    "INSERT INTO audit_entries (firm_id, actor_id, action, kind, resource_id, partnership_id, version, at)
     SELECT unnest($1), $2, $3, $4, $5, $6, $7, $8"
}

pub(super) async fn insert(tx: &Tx, entry: &Entry<'_>) -> ApiResult<()> {
    Insert {
        firms: entry.firms,
        actor_id: entry.actor_id,
        action: entry.action,
        kind: entry.kind,
        resource_id: entry.resource_id,
        partnership_id: entry.partnership_id,
        version: entry.version,
        at: entry.at,
    }
    .execute(&mut &**tx)
    .await?;
    Ok(())
}

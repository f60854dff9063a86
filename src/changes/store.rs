//! The table of changes.

use diesel::sql_types::{Array, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Change, Kind};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

statement! {
    Insert<'a> {
        firms: &'a [Uuid] => Array<SqlUuid>, kind: Kind => Text, resource_id: Uuid => SqlUuid, action: &'a str => Text,
        version: i32 => Integer, partnership_id: Option<Uuid> => Nullable<SqlUuid>,
        actor_id: Option<Uuid> => Nullable<SqlUuid>, at: Timestamp => Timestamptz,
    } -> (),
    "INSERT INTO changes (firm_id, kind, resource_id, action, version, partnership_id, actor_id, at)
     SELECT unnest($1), $2, $3, $4, $5, $6, $7, $8"
}

pub(super) async fn insert(tx: &Tx, change: &Change) -> ApiResult<()> {
    Insert {
        firms: &change.firms,
        kind: change.kind,
        resource_id: change.resource_id,
        action: change.action,
        version: change.version,
        partnership_id: change.partnership_id,
        actor_id: change.actor_id,
        at: change.at,
    }
    .execute(&mut &**tx)
    .await?;
    Ok(())
}

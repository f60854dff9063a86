//! The table of contacts, as far as a member who leaves or comes back is concerned.

use diesel::Queryable;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// A contact that reads otherwise.
#[derive(Debug, Queryable)]
pub struct Touched {
    pub id: Uuid,
    pub version: i32,
    pub partnership_id: Uuid,
    pub by_firm_id: Uuid,
    pub to_firm_id: Uuid,
}

statement! {
    Touch { firm_id: Uuid => SqlUuid, member_id: Uuid => SqlUuid, now: Timestamp => Timestamptz }
        -> (SqlUuid, Integer, SqlUuid, SqlUuid, SqlUuid),
    "UPDATE contacts SET updated_at = $3, version = version + 1 WHERE by_firm_id = $1 AND member_id = $2
     RETURNING id, version, partnership_id, by_firm_id, to_firm_id"
}

/// Gives a version to the contacts of a firm that are this member.
pub async fn touch(
    tx: &Tx,
    firm_id: Uuid,
    member_id: Uuid,
    now: Timestamp,
) -> ApiResult<Vec<Touched>> {
    let touch = Touch {
        firm_id,
        member_id,
        now,
    };
    Ok(touch.load(&mut &**tx).await?)
}

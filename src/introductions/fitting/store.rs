//! The table of introductions, as far as their fit is kept.

use diesel::sql_types::{Jsonb, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::statement;

statement! {
    Keep { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, fit: Value => Jsonb } -> (),
    "UPDATE introductions SET fit = $3 WHERE id = $2 AND introducer_firm_id = $1 AND stage = 'draft'"
}

/// Keeps the fit of a draft that is about to be offered.
pub async fn keep(tx: &Tx, firm_id: Uuid, id: Uuid, fit: Value) -> ApiResult<()> {
    Keep { firm_id, id, fit }.execute(&mut &**tx).await?;
    Ok(())
}

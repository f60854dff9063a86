//! The table of external ids of introductions.

use diesel::prelude::*;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::db::schema::introduction_external_ids;
use crate::platform::error::ApiResult;
use crate::platform::values::{ExternalId, SystemName};
use crate::statement;

pub async fn insert_external_id(
    tx: &Tx,
    (firm_id, introduction_id): (Uuid, Uuid),
    system: &SystemName,
    external_id: &ExternalId,
) -> ApiResult<()> {
    let row = (
        introduction_external_ids::firm_id.eq(firm_id),
        introduction_external_ids::system.eq(system),
        introduction_external_ids::external_id.eq(external_id),
        introduction_external_ids::introduction_id.eq(introduction_id),
    );
    diesel::insert_into(introduction_external_ids::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

statement! {
    RemoveExternalId<'a> { firm_id: Uuid => SqlUuid, introduction_id: Uuid => SqlUuid, system: &'a SystemName => Text } -> (),
    "DELETE FROM introduction_external_ids WHERE firm_id = $1 AND introduction_id = $2 AND system = $3"
}

/// Forgets the firm's id of an introduction in a system; gives whether there was one.
pub async fn remove_external_id(
    tx: &Tx,
    (firm_id, introduction_id): (Uuid, Uuid),
    system: &SystemName,
) -> ApiResult<bool> {
    let remove = RemoveExternalId {
        firm_id,
        introduction_id,
        system,
    };
    Ok(remove.execute(&mut &**tx).await? > 0)
}

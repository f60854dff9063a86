//! Reads the sides of partnerships.

use diesel::OptionalExtension;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{PartnershipState, Party};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::statement;

statement! {
    FindParty { partnership_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid } -> (Text, SqlUuid),
    "SELECT state, CASE WHEN proposer_firm_id = $2 THEN recipient_firm_id ELSE proposer_firm_id END
       FROM partnerships
      WHERE id = $1 AND $2 IN (proposer_firm_id, recipient_firm_id) AND recipient_firm_id IS NOT NULL
        AND state IN ('exploring', 'active', 'paused', 'ended')"
}

/// A firm's side of a partnership that was accepted; `None` when it is not a party to it.
pub async fn find(conn: &Conn, partnership_id: Uuid, firm_id: Uuid) -> ApiResult<Option<Party>> {
    let row: Option<(PartnershipState, Uuid)> = FindParty {
        partnership_id,
        firm_id,
    }
    .get_result(&mut &*conn)
    .await
    .optional()?;
    Ok(row.map(|(state, them)| Party {
        partnership_id,
        state,
        us: firm_id,
        them,
    }))
}

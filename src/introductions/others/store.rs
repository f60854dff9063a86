//! Looks for other introductions of a client to a firm.

use diesel::OptionalExtension;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::statement;

statement! {
    IsPrevious { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, client_id: Uuid => SqlUuid, receiver_firm_id: Uuid => SqlUuid } -> Bool,
    "SELECT EXISTS (SELECT FROM introductions
                     WHERE id = $2 AND introducer_firm_id = $1 AND client_id = $3 AND receiver_firm_id = $4 AND closed_at IS NOT NULL)"
}

/// Whether it is a closed introduction of this client by this firm to the other.
pub async fn is_previous(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    (client_id, receiver_firm_id): (Uuid, Uuid),
) -> ApiResult<bool> {
    let is = IsPrevious {
        firm_id,
        id,
        client_id,
        receiver_firm_id,
    };
    Ok(is.get_result(&mut &**tx).await?)
}

statement! {
    FindOpen { firm_id: Uuid => SqlUuid, client_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid } -> SqlUuid,
    "SELECT i.id FROM introductions i
      WHERE i.introducer_firm_id = $1 AND i.client_id = $2
        AND i.receiver_firm_id IN (SELECT unnest(ARRAY[p.proposer_firm_id, p.recipient_firm_id]) FROM partnerships p WHERE p.id = $3)
        AND i.stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met')"
}

/// The open introduction of a client to the partner of a partnership.
pub async fn find_open(
    conn: &Conn,
    firm_id: Uuid,
    client_id: Uuid,
    partnership_id: Uuid,
) -> ApiResult<Option<Uuid>> {
    Ok(FindOpen {
        firm_id,
        client_id,
        partnership_id,
    }
    .get_result(&mut &*conn)
    .await
    .optional()?)
}

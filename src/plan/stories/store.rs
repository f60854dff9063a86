//! The table of versions, as far as it says since when a core story is agreed.

use diesel::OptionalExtension;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

statement! {
    FindAgreed { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Timestamptz,
    "SELECT v.closed_at FROM plan_versions v
       JOIN partnerships p ON p.id = v.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)
      WHERE v.id = $3 AND v.partnership_id = $2 AND v.section = 'core_story' AND v.state = 'agreed'"
}

/// Since when a version of the core story of a partnership is agreed; `None` where it is not, or is another's.
pub async fn find_agreed(
    conn: &Conn,
    (firm_id, partnership_id): (Uuid, Uuid),
    id: Uuid,
) -> ApiResult<Option<Timestamp>> {
    let find = FindAgreed {
        firm_id,
        partnership_id,
        id,
    };
    Ok(find.get_result(&mut &*conn).await.optional()?)
}

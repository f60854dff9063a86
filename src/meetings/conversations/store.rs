//! Reads what the cadence is worked out from.

use diesel::prelude::Queryable;
use diesel::sql_types::{Bool, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::meetings::cadence::Spoken;
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

statement! {
    ListSpoken { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid } -> (SqlUuid, Nullable<Timestamptz>, Timestamptz, Bool),
    "SELECT m.id, m.held_at, m.starts_at, m.plan_version_id IS NOT NULL
       FROM meetings m
       JOIN partnerships p ON p.id = m.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)
      WHERE m.partnership_id = $2 AND m.state IN ('planned', 'held')
      ORDER BY coalesce(m.held_at, m.starts_at), m.id"
}

#[derive(Debug, Queryable)]
struct SpokenRow {
    id: Uuid,
    held_at: Option<Timestamp>,
    starts_at: Timestamp,
    is_of_series: bool,
}

/// The conversations of a partnership that were held, and those that are or were to be.
pub(super) async fn list_spoken(
    conn: &Conn,
    (firm_id, partnership_id): (Uuid, Uuid),
) -> ApiResult<Vec<Spoken>> {
    let list = ListSpoken {
        firm_id,
        partnership_id,
    };
    let rows: Vec<SpokenRow> = list.load(&mut &*conn).await?;
    let one = |row: SpokenRow| Spoken {
        id: row.id,
        held_at: row.held_at,
        starts_at: row.starts_at,
        is_of_series: row.is_of_series,
    };
    Ok(rows.into_iter().map(one).collect())
}

statement! {
    FindSince { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid } -> Nullable<Timestamptz>,
    "SELECT min(v.closed_at) FROM plan_versions v
       JOIN partnerships p ON p.id = v.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)
      WHERE v.partnership_id = $2 AND v.section = 'communication_protocol' AND v.state = 'agreed'"
}

/// When a protocol first came in force.
pub(super) async fn find_since(
    conn: &Conn,
    (firm_id, partnership_id): (Uuid, Uuid),
) -> ApiResult<Option<Timestamp>> {
    let find = FindSince {
        firm_id,
        partnership_id,
    };
    Ok(find.get_result(&mut &*conn).await?)
}

//! The table of waivers.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::PlanWaiver;
use crate::parties::{Party, Side};
use crate::plan::PlanSection;
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// Two standing waivers of one section by one party.
pub(in crate::plan) const STANDING_KEY: &str = "plan_waivers_standing_key";

macro_rules! columns {
    () => {
        "w.id, w.partnership_id, w.section, w.firm_id = $1, w.reason, w.waived_by, w.waived_at, w.withdrawn_at, w.version"
    };
}

/// The waivers that the firm `$1` sees.
macro_rules! view {
    () => {
        concat!(
            "SELECT ", columns!(), " FROM plan_waivers w
               JOIN partnerships p ON p.id = w.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)"
        )
    };
}

type Columns = (
    SqlUuid,
    SqlUuid,
    Text,
    Bool,
    Text,
    SqlUuid,
    Timestamptz,
    Nullable<Timestamptz>,
    Integer,
);

#[derive(Debug, Queryable)]
struct WaiverRow {
    id: Uuid,
    partnership_id: Uuid,
    section: PlanSection,
    is_ours: bool,
    reason: String,
    waived_by: Uuid,
    waived_at: Timestamp,
    withdrawn_at: Option<Timestamp>,
    version: i32,
}

impl From<WaiverRow> for PlanWaiver {
    fn from(row: WaiverRow) -> Self {
        Self {
            id: row.id,
            partnership_id: row.partnership_id,
            section: row.section,
            party: Side::of(row.is_ours),
            reason: row.reason,
            waived_by: row.waived_by,
            waived_at: row.waived_at,
            withdrawn_at: row.withdrawn_at,
            version: row.version,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(view!(), " WHERE w.id = $2")
}

pub async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<PlanWaiver>> {
    let row: Option<WaiverRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(PlanWaiver::from))
}

statement! {
    List {
        firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, before: Option<Uuid> => Nullable<SqlUuid>, rows: i64 => BigInt,
    } -> Columns,
    concat!(view!(), " WHERE w.partnership_id = $2 AND ($3 IS NULL OR w.id < $3) ORDER BY w.id DESC LIMIT $4")
}

/// Those of both parties, newest first.
pub async fn list(
    conn: &Conn,
    (firm_id, partnership_id): (Uuid, Uuid),
    before: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<PlanWaiver>> {
    let list = List {
        firm_id,
        partnership_id,
        before,
        rows,
    };
    let rows: Vec<WaiverRow> = list.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(PlanWaiver::from).collect())
}

statement! {
    ListStanding { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid } -> Columns,
    concat!(view!(), " WHERE w.partnership_id = $2 AND w.withdrawn_at IS NULL ORDER BY w.id")
}

/// Those that stand.
pub async fn list_standing(
    conn: &Conn,
    (firm_id, partnership_id): (Uuid, Uuid),
) -> ApiResult<Vec<PlanWaiver>> {
    let list = ListStanding {
        firm_id,
        partnership_id,
    };
    let rows: Vec<WaiverRow> = list.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(PlanWaiver::from).collect())
}

statement! {
    Insert<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, section: PlanSection => Text, reason: &'a str => Text,
        waived_by: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "INSERT INTO plan_waivers AS w (id, partnership_id, section, firm_id, reason, waived_by, waived_at)
         VALUES ($2, $3, $4, $1, $5, $6, $7) RETURNING ",
        columns!()
    )
}

pub async fn insert(
    tx: &Tx,
    caller: &Caller,
    (id, party): (Uuid, &Party),
    (section, reason): (PlanSection, &str),
    now: Timestamp,
) -> ApiResult<PlanWaiver> {
    let insert = Insert {
        firm_id: party.us,
        id,
        partnership_id: party.partnership_id,
        section,
        reason,
        waived_by: caller.actor_id(),
        now,
    };
    let row: WaiverRow = insert.get_result(&mut &**tx).await?;
    Ok(row.into())
}

statement! {
    Withdraw { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "UPDATE plan_waivers w SET withdrawn_at = $3, version = version + 1
          WHERE id = $2 AND firm_id = $1 AND withdrawn_at IS NULL RETURNING ",
        columns!()
    )
}

/// Takes a party's own waiver back; `None` when it does not stand any more.
pub async fn withdraw(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<PlanWaiver>> {
    let row: Option<WaiverRow> = Withdraw { firm_id, id, now }
        .get_result(&mut &**tx)
        .await
        .optional()?;
    Ok(row.map(PlanWaiver::from))
}

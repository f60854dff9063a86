//! The table of evidence.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{AddEvidence, Evidence, EvidenceKind};
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

macro_rules! columns {
    () => {
        "e.id, e.step_id, e.kind, e.body, e.url, e.added_by, e.created_at"
    };
}

type Columns = (
    SqlUuid,
    SqlUuid,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    SqlUuid,
    Timestamptz,
);

#[derive(Debug, Queryable)]
struct EvidenceRow {
    id: Uuid,
    step_id: Uuid,
    kind: EvidenceKind,
    body: Option<String>,
    url: Option<String>,
    added_by: Uuid,
    created_at: Timestamp,
}

impl From<EvidenceRow> for Evidence {
    fn from(row: EvidenceRow) -> Self {
        Self {
            id: row.id,
            action_step_id: row.step_id,
            kind: row.kind,
            text: row.body,
            url: row.url,
            added_by: row.added_by,
            created_at: row.created_at,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(
        "SELECT ", columns!(), " FROM action_step_evidence e
           JOIN action_steps s ON s.id = e.step_id
           JOIN partnerships p ON p.id = s.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)
          WHERE e.id = $2"
    )
}

pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Evidence>> {
    let row: Option<EvidenceRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(Evidence::from))
}

statement! {
    List { step_id: Uuid => SqlUuid, after: Option<Uuid> => Nullable<SqlUuid>, rows: i64 => BigInt } -> Columns,
    concat!(
        "SELECT ", columns!(), " FROM action_step_evidence e
          WHERE e.step_id = $1 AND ($2 IS NULL OR e.id > $2) ORDER BY e.id LIMIT $3"
    )
}

/// A step's evidence, oldest first.
pub(super) async fn list(
    conn: &Conn,
    step_id: Uuid,
    after: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<Evidence>> {
    let list = List {
        step_id,
        after,
        rows,
    };
    let rows: Vec<EvidenceRow> = list.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(Evidence::from).collect())
}

statement! {
    Insert<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, step_id: Uuid => SqlUuid, kind: EvidenceKind => Text,
        body: Option<&'a str> => Nullable<Text>, url: Option<&'a str> => Nullable<Text>, added_by: Uuid => SqlUuid,
        now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH e AS (
           INSERT INTO action_step_evidence (id, step_id, kind, body, url, added_by, created_at)
           SELECT $2, s.id, $4, $5, $6, $7, $8 FROM action_steps s
            WHERE s.id = $3 AND s.owner_firm_id = $1 AND s.state IN ('planned', 'in_progress', 'done') FOR SHARE
           RETURNING *)
         SELECT ", columns!(), " FROM e"
    )
}

/// Adds it; `None` when the step is not promised, begun or done.
pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    (id, step_id): (Uuid, Uuid),
    shown: &AddEvidence,
    now: Timestamp,
) -> ApiResult<Option<Evidence>> {
    let insert = Insert {
        firm_id: caller.firm_id,
        id,
        step_id,
        kind: shown.kind,
        body: shown.text.as_deref(),
        url: shown.url.as_deref(),
        added_by: caller.actor_id(),
        now,
    };
    let row: Option<EvidenceRow> = insert.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(Evidence::from))
}

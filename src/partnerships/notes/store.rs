//! The table of notes. Each statement names the firm whose notes they are.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::PartnershipNote;
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

macro_rules! columns {
    () => {
        "id, partnership_id, body, written_by, created_at, updated_at, version"
    };
}

type Columns = (
    SqlUuid,
    SqlUuid,
    Text,
    SqlUuid,
    Timestamptz,
    Timestamptz,
    Integer,
);

#[derive(Debug, Queryable)]
struct NoteRow {
    id: Uuid,
    partnership_id: Uuid,
    body: String,
    written_by: Uuid,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

impl From<NoteRow> for PartnershipNote {
    fn from(row: NoteRow) -> Self {
        let NoteRow {
            id,
            partnership_id,
            body,
            written_by,
            created_at,
            updated_at,
            version,
        } = row;
        Self {
            id,
            partnership_id,
            body,
            written_by,
            created_at,
            updated_at,
            version,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!("SELECT ", columns!(), " FROM partnership_notes WHERE firm_id = $1 AND id = $2")
}

pub(super) async fn find(
    conn: &Conn,
    firm_id: Uuid,
    id: Uuid,
) -> ApiResult<Option<PartnershipNote>> {
    let row: Option<NoteRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(PartnershipNote::from))
}

statement! {
    List {
        firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, before: Option<Uuid> => Nullable<SqlUuid>, rows: i64 => BigInt,
    } -> Columns,
    concat!(
        "SELECT ", columns!(), " FROM partnership_notes
          WHERE firm_id = $1 AND partnership_id = $2 AND ($3 IS NULL OR id < $3) ORDER BY id DESC LIMIT $4"
    )
}

/// A firm's notes about a partnership, newest first.
pub(super) async fn list(
    conn: &Conn,
    (firm_id, partnership_id): (Uuid, Uuid),
    before: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<PartnershipNote>> {
    let list = List {
        firm_id,
        partnership_id,
        before,
        rows,
    };
    let rows: Vec<NoteRow> = list.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(PartnershipNote::from).collect())
}

statement! {
    Insert<'a> {
        id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, written_by: Uuid => SqlUuid,
        body: &'a str => Text, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "INSERT INTO partnership_notes (id, partnership_id, firm_id, written_by, body, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING ",
        columns!()
    )
}

pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    (id, partnership_id): (Uuid, Uuid),
    body: &str,
    now: Timestamp,
) -> ApiResult<PartnershipNote> {
    let insert = Insert {
        id,
        partnership_id,
        firm_id: caller.firm_id,
        written_by: caller.actor_id(),
        body,
        now,
    };
    let row: NoteRow = insert.get_result(&mut &**tx).await?;
    Ok(row.into())
}

statement! {
    Edit<'a> { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, version: i32 => Integer, body: &'a str => Text, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "UPDATE partnership_notes SET body = $4, updated_at = $5, version = version + 1
          WHERE firm_id = $1 AND id = $2 AND version = $3 AND body <> $4 RETURNING ",
        columns!()
    )
}

/// Changes a note of this version; `None` when it has another, or is like this already.
pub(super) async fn edit(
    tx: &Tx,
    (firm_id, id, version): (Uuid, Uuid, i32),
    body: &str,
    now: Timestamp,
) -> ApiResult<Option<PartnershipNote>> {
    let row: Option<NoteRow> = Edit {
        firm_id,
        id,
        version,
        body,
        now,
    }
    .get_result(&mut &**tx)
    .await
    .optional()?;
    Ok(row.map(PartnershipNote::from))
}

statement! {
    Remove { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    "DELETE FROM partnership_notes WHERE firm_id = $1 AND id = $2
     RETURNING id, partnership_id, body, written_by, created_at, updated_at, version + 1"
}

/// Removes a note and gives it with the version that its removal is.
pub(super) async fn remove(tx: &Tx, firm_id: Uuid, id: Uuid) -> ApiResult<Option<PartnershipNote>> {
    let row: Option<NoteRow> = Remove { firm_id, id }
        .get_result(&mut &**tx)
        .await
        .optional()?;
    Ok(row.map(PartnershipNote::from))
}

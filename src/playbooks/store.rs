//! The tables of playbooks and of their versions. Each statement names the firm whose playbooks they are.

use diesel::prelude::*;
use diesel::sql_types::{
    BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::model::{Playbook, PlaybookSubject, Script};
use crate::platform::auth::Caller;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::{Name, Timestamp};
use crate::statement;

/// The columns of a version of a playbook of the firm `$1`.
macro_rules! view {
    ($which:literal) => {
        concat!(
            "SELECT p.id, v.name, v.description, v.applies_to, v.skips_days_off, v.steps, p.archived_at, v.written_by,
                    p.created_at, v.written_at, v.version
               FROM playbooks p JOIN playbook_versions v ON v.playbook_id = p.id AND ",
            $which,
            " WHERE p.firm_id = $1"
        )
    };
}

type Columns = (
    SqlUuid,
    Text,
    Nullable<Text>,
    Text,
    Bool,
    Jsonb,
    Nullable<Timestamptz>,
    SqlUuid,
    Timestamptz,
    Timestamptz,
    Integer,
);

#[derive(Debug, Queryable)]
struct PlaybookRow {
    id: Uuid,
    name: Name,
    description: Option<String>,
    applies_to: PlaybookSubject,
    skips_days_off: bool,
    steps: Value,
    archived_at: Option<Timestamp>,
    written_by: Uuid,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

impl TryFrom<PlaybookRow> for Playbook {
    type Error = Error;

    fn try_from(row: PlaybookRow) -> Result<Self, Error> {
        let steps = serde_json::from_value(row.steps);
        Ok(Self {
            id: row.id,
            name: row.name,
            description: row.description,
            applies_to: row.applies_to,
            skips_days_off: row.skips_days_off,
            steps: steps.map_err(|error| Error::broken(error.to_string()))?,
            archived_at: row.archived_at,
            written_by: row.written_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

fn all(rows: Vec<PlaybookRow>) -> ApiResult<Vec<Playbook>> {
    rows.into_iter().map(Playbook::try_from).collect()
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(view!("v.version = p.version"), " AND p.id = $2")
}

/// A playbook as its last version says.
pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Playbook>> {
    let row: Option<PlaybookRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    row.map(Playbook::try_from).transpose()
}

/// Which playbooks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub applies_to: Option<PlaybookSubject>,
    pub archived: Option<bool>,
    pub before: Option<Uuid>,
    pub rows: i64,
}

/// The firm's playbooks, newest first.
pub(super) async fn list(conn: &Conn, firm_id: Uuid, asked: &Asked) -> ApiResult<Vec<Playbook>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(firm_id));
    let applies_to = asked
        .applies_to
        .map(|subject| Bind::Text(subject.to_string()));
    let mut also = query.also([
        ("v.applies_to =", applies_to),
        ("p.id <", asked.before.map(Bind::Uuid)),
    ]);
    also.push_str(match asked.archived {
        None => "",
        Some(true) => " AND p.archived_at IS NOT NULL",
        Some(false) => " AND p.archived_at IS NULL",
    });
    let rows = query.bind(Bind::Count(asked.rows));
    let query = query
        .sql(view!("v.version = p.version"))
        .sql(&also)
        .sql(&format!(" ORDER BY p.id DESC LIMIT {rows}"));
    all(query.load(&mut &*conn).await?)
}

statement! {
    ListVersions { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, before: i32 => Integer, rows: i64 => BigInt } -> Columns,
    concat!(view!("true"), " AND p.id = $2 AND v.version < $3 ORDER BY v.version DESC LIMIT $4")
}

/// The versions before one, newest first.
pub(super) async fn list_versions(
    conn: &Conn,
    (firm_id, id): (Uuid, Uuid),
    before: Option<i32>,
    rows: i64,
) -> ApiResult<Vec<Playbook>> {
    let list = ListVersions {
        firm_id,
        id,
        before: before.unwrap_or(i32::MAX),
        rows,
    };
    all(list.load(&mut &*conn).await?)
}

statement! {
    Insert { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> Bool,
    "INSERT INTO playbooks (id, firm_id, created_at, updated_at) VALUES ($2, $1, $3, $3) RETURNING true"
}

/// Makes a playbook, without a version yet.
pub(super) async fn insert(tx: &Tx, caller: &Caller, id: Uuid, now: Timestamp) -> ApiResult<()> {
    let firm_id = caller.firm_id;
    let _made: bool = Insert { firm_id, id, now }.get_result(&mut &**tx).await?;
    Ok(())
}

statement! {
    InsertVersion<'a> {
        playbook_id: Uuid => SqlUuid, version: i32 => Integer, name: &'a str => Text, description: Option<&'a str> => Nullable<Text>,
        applies_to: PlaybookSubject => Text, skips_days_off: bool => Bool, steps: Value => Jsonb, written_by: Uuid => SqlUuid,
        now: Timestamp => Timestamptz,
    } -> Bool,
    "INSERT INTO playbook_versions (playbook_id, version, name, description, applies_to, skips_days_off, steps, written_by, written_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING true"
}

/// Keeps what a version says.
pub(super) async fn insert_version(
    tx: &Tx,
    caller: &Caller,
    (playbook_id, version): (Uuid, i32),
    script: &Script,
    now: Timestamp,
) -> ApiResult<()> {
    let steps = serde_json::to_value(&script.steps);
    let insert = InsertVersion {
        playbook_id,
        version,
        name: script.name.as_str(),
        description: script.description.as_deref(),
        applies_to: script.applies_to,
        skips_days_off: script.skips_days_off,
        steps: steps.map_err(|error| Error::broken(error.to_string()))?,
        written_by: caller.actor_id(),
        now,
    };
    let _made: bool = insert.get_result(&mut &**tx).await?;
    Ok(())
}

statement! {
    CountUp { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, version: i32 => Integer, now: Timestamp => Timestamptz } -> Integer,
    "UPDATE playbooks SET version = version + 1, updated_at = $4
      WHERE id = $2 AND firm_id = $1 AND version = $3 AND archived_at IS NULL RETURNING version"
}

/// The number of the next version, for a playbook of this one; `None` where somebody was faster, or it was put away.
pub(super) async fn count_up(
    tx: &Tx,
    firm_id: Uuid,
    (id, version): (Uuid, i32),
    now: Timestamp,
) -> ApiResult<Option<i32>> {
    let count = CountUp {
        firm_id,
        id,
        version,
        now,
    };
    Ok(count.get_result(&mut &**tx).await.optional()?)
}

statement! {
    Archive { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> Bool,
    "UPDATE playbooks SET archived_at = $3 WHERE id = $2 AND firm_id = $1 AND archived_at IS NULL RETURNING true"
}

/// Puts a playbook away; says whether it stood until now.
pub(super) async fn archive(tx: &Tx, firm_id: Uuid, id: Uuid, now: Timestamp) -> ApiResult<bool> {
    let archive = Archive { firm_id, id, now };
    let archived: Option<bool> = archive.get_result(&mut &**tx).await.optional()?;
    Ok(archived.is_some())
}

statement! {
    HoldLive { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Bool,
    "SELECT archived_at IS NULL FROM playbooks WHERE id = $2 AND firm_id = $1 FOR SHARE"
}

/// Whether a playbook can be applied, which stays so until the transaction ends; `None` when it is not the firm's.
pub(super) async fn hold_live(tx: &Tx, firm_id: Uuid, id: Uuid) -> ApiResult<Option<bool>> {
    let hold = HoldLive { firm_id, id };
    Ok(hold.get_result(&mut &**tx).await.optional()?)
}

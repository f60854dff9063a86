//! The table of the audit log.

use diesel::OptionalExtension;
use diesel::Queryable;
use diesel::sql_types::{
    Array, BigInt, Binary, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{AuditEntry, Entry};
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::digest;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

statement! {
    Insert<'a> {
        firms: &'a [Uuid] => Array<SqlUuid>, actor_id: Option<Uuid> => Nullable<SqlUuid>, action: &'a str => Text, kind: &'a str => Text,
        resource_id: Option<Uuid> => Nullable<SqlUuid>, partnership_id: Option<Uuid> => Nullable<SqlUuid>,
        version: Option<i32> => Nullable<Integer>, at: Timestamp => Timestamptz,
    } -> (),
    "INSERT INTO audit_entries (firm_id, actor_id, action, kind, resource_id, partnership_id, version, at)
     SELECT unnest($1), $2, $3, $4, $5, $6, $7, $8"
}

pub(super) async fn insert(tx: &Tx, entry: &Entry<'_>) -> ApiResult<()> {
    Insert {
        firms: entry.firms,
        actor_id: entry.actor_id,
        action: entry.action,
        kind: entry.kind,
        resource_id: entry.resource_id,
        partnership_id: entry.partnership_id,
        version: entry.version,
        at: entry.at,
    }
    .execute(&mut &**tx)
    .await?;
    Ok(())
}

type Columns = (
    BigInt,
    SqlUuid,
    Nullable<SqlUuid>,
    Text,
    Text,
    Nullable<SqlUuid>,
    Nullable<SqlUuid>,
    Nullable<Integer>,
    Timestamptz,
);

/// An entry as it is kept, without its link.
#[derive(Debug, Queryable)]
pub(super) struct EntryRow {
    pub seq: i64,
    pub firm_id: Uuid,
    pub actor_id: Option<Uuid>,
    pub action: String,
    pub kind: String,
    pub resource_id: Option<Uuid>,
    pub partnership_id: Option<Uuid>,
    pub version: Option<i32>,
    pub at: Timestamp,
}

macro_rules! columns {
    () => {
        "seq, firm_id, actor_id, action, kind, resource_id, partnership_id, version, at"
    };
}

statement! {
    /// Any number; it only has to be the same for every replica.
    MayChain {} -> Bool, "SELECT pg_try_advisory_xact_lock(4712846530178429)"
}

/// Whether this transaction is the one that chains.
pub(super) async fn may_chain(tx: &Tx) -> ApiResult<bool> {
    Ok(MayChain {}.get_result(&mut &**tx).await?)
}

statement! {
    ListUnchained { rows: i64 => BigInt } -> Columns,
    concat!("SELECT ", columns!(), " FROM audit_entries WHERE position IS NULL ORDER BY seq LIMIT $1")
}

pub(super) async fn list_unchained(tx: &Tx, rows: i64) -> ApiResult<Vec<EntryRow>> {
    Ok(ListUnchained { rows }.load(&mut &**tx).await?)
}

statement! {
    HeadOf { firm_id: Uuid => SqlUuid } -> (BigInt, Binary),
    "SELECT position, tag FROM audit_entries WHERE firm_id = $1 AND position IS NOT NULL ORDER BY position DESC LIMIT 1"
}

/// The newest link of a firm's chain.
pub(super) async fn head(conn: &Conn, firm_id: Uuid) -> ApiResult<Option<(i64, Vec<u8>)>> {
    Ok(HeadOf { firm_id }
        .get_result(&mut &*conn)
        .await
        .optional()?)
}

/// Links to be made.
#[derive(Default)]
pub(super) struct Links {
    entries: Vec<i64>,
    positions: Vec<i64>,
    tags: Vec<Vec<u8>>,
}

impl Links {
    pub fn push(&mut self, entry: i64, position: i64, tag: Vec<u8>) {
        self.entries.push(entry);
        self.positions.push(position);
        self.tags.push(tag);
    }
}

statement! {
    Link<'a> { entries: &'a [i64] => Array<BigInt>, positions: &'a [i64] => Array<BigInt>, tags: &'a [Vec<u8>] => Array<Binary> } -> (),
    "UPDATE audit_entries e SET position = l.position, tag = l.tag
       FROM unnest($1, $2, $3) l (seq, position, tag) WHERE e.seq = l.seq"
}

pub(super) async fn link(tx: &Tx, links: &Links) -> ApiResult<()> {
    if links.entries.is_empty() {
        return Ok(());
    }
    Link {
        entries: &links.entries,
        positions: &links.positions,
        tags: &links.tags,
    }
    .execute(&mut &**tx)
    .await?;
    Ok(())
}

statement! {
    ListFirms {} -> SqlUuid, "SELECT id FROM firms ORDER BY id"
}

pub(super) async fn list_firms(conn: &Conn) -> ApiResult<Vec<Uuid>> {
    Ok(ListFirms {}.load(&mut &*conn).await?)
}

statement! {
    ListChained { firm_id: Uuid => SqlUuid, after: i64 => BigInt, rows: i64 => BigInt } -> (BigInt, Binary, Columns),
    concat!("SELECT position, tag, ", columns!(), " FROM audit_entries
      WHERE firm_id = $1 AND position > $2 ORDER BY position LIMIT $3")
}

/// The links after a position, with their entries.
pub(super) async fn list_chained(
    conn: &Conn,
    firm_id: Uuid,
    after: i64,
    rows: i64,
) -> ApiResult<Vec<(i64, Vec<u8>, EntryRow)>> {
    let part = ListChained {
        firm_id,
        after,
        rows,
    };
    Ok(part.load(&mut &*conn).await?)
}

statement! {
    CountUnchained {} -> BigInt, "SELECT count(*) FROM audit_entries WHERE position IS NULL"
}

pub(super) async fn count_unchained(conn: &Conn) -> ApiResult<i64> {
    Ok(CountUnchained {}.get_result(&mut &*conn).await?)
}

/// Which entries.
pub(super) struct ListFilter {
    pub actor_id: Option<Uuid>,
    pub resource_id: Option<Uuid>,
    pub kind: Option<String>,
    pub action: Option<String>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub before: Option<i64>,
    pub rows: i64,
}

/// Newest first.
pub(super) async fn list(
    conn: &Conn,
    firm_id: Uuid,
    filter: ListFilter,
) -> ApiResult<Vec<AuditEntry>> {
    let mut query = Assembled::<(Columns, Nullable<BigInt>, Nullable<Binary>)>::new();
    query.bind(Bind::Uuid(firm_id));
    let also = query.also([
        ("actor_id =", filter.actor_id.map(Bind::Uuid)),
        ("resource_id =", filter.resource_id.map(Bind::Uuid)),
        ("kind =", filter.kind.map(Bind::Text)),
        ("action =", filter.action.map(Bind::Text)),
        ("at >=", filter.from.map(Bind::Timestamp)),
        ("at <", filter.until.map(Bind::Timestamp)),
        ("seq <", filter.before.map(Bind::Count)),
    ]);
    let rows = query.bind(Bind::Count(filter.rows));
    let query = query
        .sql(concat!(
            "SELECT ",
            columns!(),
            ", position, tag FROM audit_entries WHERE firm_id = $1"
        ))
        .sql(&also)
        .sql(&format!(" ORDER BY seq DESC LIMIT {rows}"));
    let rows: Vec<(EntryRow, Option<i64>, Option<Vec<u8>>)> = query.load(&mut &*conn).await?;
    let shown = |(entry, position, tag): (EntryRow, Option<i64>, Option<Vec<u8>>)| AuditEntry {
        sequence: entry.seq,
        actor_id: entry.actor_id,
        action: entry.action,
        kind: entry.kind,
        resource_id: entry.resource_id,
        partnership_id: entry.partnership_id,
        version: entry.version,
        done_at: entry.at,
        position,
        tag: tag.map(|tag| digest::base64url(&tag)),
    };
    Ok(rows.into_iter().map(shown).collect())
}

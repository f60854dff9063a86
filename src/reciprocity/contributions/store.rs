//! The table of contributions.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{
    Bool, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Contribution, ContributionKind, ContributionState, Verb};
use crate::introductions::Direction;
use crate::parties::Party;
use crate::platform::auth::Caller;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Timestamp};
use crate::statement;

/// A contribution for the firm `$1`.
macro_rules! columns {
    () => {
        "c.id, c.partnership_id, c.by_firm_id = $1, CASE WHEN c.by_firm_id = $1 THEN c.to_firm_id ELSE c.by_firm_id END,
         c.kind, c.words, c.happened_on, c.state, c.reason, c.recorded_by, c.answered_by, c.answered_at,
         c.created_at, c.updated_at, c.version"
    };
}

type Columns = (
    SqlUuid,
    SqlUuid,
    Bool,
    SqlUuid,
    Text,
    Text,
    SqlDate,
    Text,
    Nullable<Text>,
    SqlUuid,
    Nullable<SqlUuid>,
    Nullable<Timestamptz>,
    Timestamptz,
    Timestamptz,
    Integer,
);

#[derive(Debug, Queryable)]
struct ContributionRow {
    id: Uuid,
    partnership_id: Uuid,
    is_given: bool,
    partner_firm_id: Uuid,
    kind: ContributionKind,
    words: String,
    happened_on: Date,
    state: ContributionState,
    reason: Option<String>,
    recorded_by: Uuid,
    answered_by: Option<Uuid>,
    answered_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

impl From<ContributionRow> for Contribution {
    fn from(row: ContributionRow) -> Self {
        Self {
            id: row.id,
            partnership_id: row.partnership_id,
            direction: Direction::of(row.is_given),
            partner_firm_id: row.partner_firm_id,
            kind: row.kind,
            words: row.words,
            happened_on: row.happened_on,
            state: row.state,
            reason: row.reason,
            recorded_by: row.recorded_by,
            answered_by: row.answered_by,
            answered_at: row.answered_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!("SELECT ", columns!(), " FROM contributions c WHERE c.id = $2 AND $1 IN (c.by_firm_id, c.to_firm_id)")
}

pub async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Contribution>> {
    let row: Option<ContributionRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(Contribution::from))
}

/// Which contributions.
#[derive(Clone, Debug)]
pub struct ListFilter {
    pub partnership_id: Option<Uuid>,
    pub direction: Option<Direction>,
    pub kind: Option<ContributionKind>,
    pub state: Option<ContributionState>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub after: Option<Uuid>,
    pub rows: i64,
}

/// Newest first. What a firm gave and what it received are each read in the order of their own index.
pub async fn list(conn: &Conn, firm_id: Uuid, filter: ListFilter) -> ApiResult<Vec<Contribution>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(firm_id));
    let kind = filter.kind.map(|kind| Bind::Text(kind.to_string()));
    let state = filter.state.map(|state| Bind::Text(state.to_string()));
    let also = query.also([
        ("p.partnership_id =", filter.partnership_id.map(Bind::Uuid)),
        ("p.kind =", kind),
        ("p.state =", state),
        ("p.happened_on >=", filter.from.map(Bind::Date)),
        ("p.happened_on <", filter.to.map(Bind::Date)),
        ("p.id <", filter.after.map(Bind::Uuid)),
    ]);
    let rows = query.bind(Bind::Count(filter.rows));
    let part = |side: &str| {
        format!(
            "(SELECT p.* FROM contributions p WHERE p.{side} = $1{also} ORDER BY p.id DESC LIMIT {rows})"
        )
    };
    let source = match filter.direction {
        Some(Direction::Given) => part("by_firm_id"),
        Some(Direction::Received) => part("to_firm_id"),
        None => format!("({} UNION ALL {})", part("by_firm_id"), part("to_firm_id")),
    };
    let text = format!(
        concat!(
            "SELECT ",
            columns!(),
            " FROM {} c ORDER BY c.id DESC LIMIT {}"
        ),
        source, rows
    );
    let rows: Vec<ContributionRow> = query.sql(&text).load(&mut &*conn).await?;
    Ok(rows.into_iter().map(Contribution::from).collect())
}

/// What is recorded.
pub struct Record<'a> {
    pub id: Uuid,
    pub kind: ContributionKind,
    pub words: &'a str,
    pub happened_on: Date,
}

statement! {
    Insert<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, to_firm_id: Uuid => SqlUuid,
        kind: ContributionKind => Text, words: &'a str => Text, happened_on: Date => SqlDate, recorded_by: Uuid => SqlUuid,
        now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH c AS (
           INSERT INTO contributions (id, partnership_id, by_firm_id, to_firm_id, kind, words, happened_on, state, recorded_by, created_at, updated_at)
           VALUES ($2, $3, $1, $4, $5, $6, $7, 'proposed', $8, $9, $9) RETURNING *)
         SELECT ", columns!(), " FROM c"
    )
}

/// Records what the caller's party gave.
pub async fn insert(
    tx: &Tx,
    caller: &Caller,
    party: &Party,
    record: &Record<'_>,
    now: Timestamp,
) -> ApiResult<Contribution> {
    let insert = Insert {
        firm_id: party.us,
        id: record.id,
        partnership_id: party.partnership_id,
        to_firm_id: party.them,
        kind: record.kind,
        words: record.words,
        happened_on: record.happened_on,
        recorded_by: caller.actor_id(),
        now,
    };
    let row: ContributionRow = insert.get_result(&mut &**tx).await?;
    Ok(row.into())
}

statement! {
    Move<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, from: ContributionState => Text, to: ContributionState => Text,
        reason: Option<&'a str> => Nullable<Text>, actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH c AS (
           UPDATE contributions
              SET state = $4, reason = $5, answered_by = CASE WHEN to_firm_id = $1 THEN $6 END,
                  answered_at = CASE WHEN to_firm_id = $1 THEN $7 END, updated_at = $7, version = version + 1
            WHERE id = $2 AND state = $3 AND CASE $4 WHEN 'withdrawn' THEN by_firm_id ELSE to_firm_id END = $1
           RETURNING *)
         SELECT ", columns!(), " FROM c"
    )
}

/// Moves one along an arrow; `None` when the arrow does not lead from where it stands.
pub async fn advance(
    tx: &Tx,
    caller: &Caller,
    id: Uuid,
    (verb, reason): (Verb, Option<&str>),
    now: Timestamp,
) -> ApiResult<Option<Contribution>> {
    let (from, to) = verb.arrow();
    let advance = Move {
        firm_id: caller.firm_id,
        id,
        from,
        to,
        reason,
        actor_id: caller.actor_id(),
        now,
    };
    let row: Option<ContributionRow> = advance.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(Contribution::from))
}

/// A contribution from which something was taken.
#[derive(Debug, Queryable)]
pub struct Redacted {
    pub id: Uuid,
    pub version: i32,
    pub partnership_id: Uuid,
    pub by_firm_id: Uuid,
    pub to_firm_id: Uuid,
}

statement! {
    Redact<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz }
        -> (SqlUuid, Integer, SqlUuid, SqlUuid, SqlUuid),
    "UPDATE contributions
        SET words = regexp_replace(words, $2, '[erased]', 'gi'), reason = regexp_replace(reason, $2, '[erased]', 'gi'),
            updated_at = $3, version = version + 1
      WHERE $1 IN (by_firm_id, to_firm_id) AND concat_ws(' ', words, reason) ~* $2
     RETURNING id, version, partnership_id, by_firm_id, to_firm_id"
}

/// Takes what a pattern finds out of a firm's contributions; gives those that were touched.
pub async fn redact(
    tx: &Tx,
    firm_id: Uuid,
    pattern: &str,
    now: Timestamp,
) -> ApiResult<Vec<Redacted>> {
    let redact = Redact {
        firm_id,
        pattern,
        now,
    };
    Ok(redact.load(&mut &**tx).await?)
}

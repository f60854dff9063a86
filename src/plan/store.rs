//! The table of versions. Each statement names the firm for which it reads or writes.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::model::{PlanVersion, Verb, VersionState};
use super::sections::{PlanSection, SectionBody};
use crate::parties::{Party, Side};
use crate::platform::auth::Caller;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::Timestamp;
use crate::statement;

/// The versions of a source that the firm `$1` sees: its own, and of the other party what was proposed.
macro_rules! view {
    ($before:expr, $source:expr) => {
        concat!(
            $before,
            "SELECT v.id, v.partnership_id, v.section, v.number, v.state,
                    v.state = 'agreed' AND NOT EXISTS (
                      SELECT FROM plan_versions l WHERE l.partnership_id = v.partnership_id AND l.section = v.section
                         AND l.state = 'agreed' AND l.number > v.number),
                    v.firm_id = $1, p.proposer_firm_id = $1, v.body, v.counters_id, v.reason,
                    CASE WHEN v.firm_id = $1 THEN v.written_by END, v.proposed_by, v.proposed_at, v.answered_by, v.closed_at,
                    CASE WHEN v.firm_id = $1 THEN v.created_at ELSE v.proposed_at END, v.updated_at, v.version
               FROM ", $source, " v
               JOIN partnerships p ON p.id = v.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)
              WHERE (v.firm_id = $1 OR v.state <> 'draft')"
        )
    };
}

pub(super) type Columns = (
    SqlUuid,
    SqlUuid,
    Text,
    Nullable<Integer>,
    Text,
    Bool,
    Bool,
    Bool,
    Jsonb,
    Nullable<SqlUuid>,
    Nullable<Text>,
    Nullable<SqlUuid>,
    Nullable<SqlUuid>,
    Nullable<Timestamptz>,
    Nullable<SqlUuid>,
    Nullable<Timestamptz>,
    Timestamptz,
    Timestamptz,
    Integer,
);

#[derive(Debug, Queryable)]
struct VersionRow {
    id: Uuid,
    partnership_id: Uuid,
    section: PlanSection,
    number: Option<i32>,
    state: VersionState,
    in_force: bool,
    is_ours: bool,
    is_first: bool,
    body: Value,
    counters_id: Option<Uuid>,
    reason: Option<String>,
    written_by: Option<Uuid>,
    proposed_by: Option<Uuid>,
    proposed_at: Option<Timestamp>,
    answered_by: Option<Uuid>,
    closed_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

/// A body as it is kept, for the party that proposed the partnership or the other.
pub(super) fn body(kept: Value, is_first: bool) -> ApiResult<SectionBody> {
    let body: SectionBody = serde_json::from_value(kept)
        .map_err(|error| Error::broken(format!("a section that can't be read: {error}")))?;
    Ok(if is_first { body } else { body.mirrored() })
}

/// A body as it is to be kept.
fn kept(body: &SectionBody, is_first: bool) -> ApiResult<Value> {
    let body = body.clone();
    let body = if is_first { body } else { body.mirrored() };
    serde_json::to_value(body).map_err(|error| Error::broken(error.to_string()))
}

fn shown(row: VersionRow) -> ApiResult<PlanVersion> {
    let body = body(row.body, row.is_first)?;
    let missing = body.missing();
    Ok(PlanVersion {
        id: row.id,
        partnership_id: row.partnership_id,
        section: row.section,
        number: row.number,
        state: row.state,
        in_force: row.in_force,
        party: Side::of(row.is_ours),
        body,
        missing,
        counters_id: row.counters_id,
        reason: row.reason,
        written_by: row.written_by,
        proposed_by: row.proposed_by,
        proposed_at: row.proposed_at,
        answered_by: row.answered_by,
        closed_at: row.closed_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    })
}

fn maybe(row: Option<VersionRow>) -> ApiResult<Option<PlanVersion>> {
    row.map(shown).transpose()
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(view!("", "plan_versions"), " AND v.id = $2")
}

/// One that the firm sees.
pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<PlanVersion>> {
    let row = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    maybe(row)
}

statement! {
    FindOpen { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, section: PlanSection => Text } -> Columns,
    concat!(view!("", "plan_versions"), " AND v.partnership_id = $2 AND v.section = $3 AND v.state = 'proposed'")
}

/// The proposal of a section that waits for an answer.
pub(super) async fn find_open(
    conn: &Conn,
    party: &Party,
    section: PlanSection,
) -> ApiResult<Option<PlanVersion>> {
    let find = FindOpen {
        firm_id: party.us,
        partnership_id: party.partnership_id,
        section,
    };
    maybe(find.get_result(&mut &*conn).await.optional()?)
}

statement! {
    FindAgreed { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, section: PlanSection => Text } -> Columns,
    concat!(view!("", "plan_versions"), " AND v.partnership_id = $2 AND v.section = $3 AND v.state = 'agreed' ORDER BY v.number DESC LIMIT 1")
}

/// The version of a section that is in force.
pub(super) async fn find_agreed(
    conn: &Conn,
    (firm_id, partnership_id): (Uuid, Uuid),
    section: PlanSection,
) -> ApiResult<Option<PlanVersion>> {
    let find = FindAgreed {
        firm_id,
        partnership_id,
        section,
    };
    maybe(find.get_result(&mut &*conn).await.optional()?)
}

statement! {
    FindTheirs { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, section: PlanSection => Text, theirs: Uuid => SqlUuid } -> Columns,
    concat!(
        view!("", "plan_versions"),
        " AND v.partnership_id = $2 AND v.section = $3 AND v.firm_id = $4 AND v.state IN ('proposed', 'agreed', 'countered')
          ORDER BY v.number DESC LIMIT 1"
    )
}

/// What the other party last proposed of a section and did not take back.
pub(super) async fn find_theirs(
    conn: &Conn,
    party: &Party,
    section: PlanSection,
) -> ApiResult<Option<PlanVersion>> {
    let find = FindTheirs {
        firm_id: party.us,
        partnership_id: party.partnership_id,
        section,
        theirs: party.them,
    };
    maybe(find.get_result(&mut &*conn).await.optional()?)
}

statement! {
    FindBefore { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, section: PlanSection => Text, number: Option<i32> => Nullable<Integer> } -> Columns,
    concat!(view!("", "plan_versions"), " AND v.partnership_id = $2 AND v.section = $3 AND v.number < coalesce($4, 2147483647) ORDER BY v.number DESC LIMIT 1")
}

/// The proposal before one of its section; of a draft, the newest.
pub(super) async fn find_before(
    conn: &Conn,
    firm_id: Uuid,
    version: &PlanVersion,
) -> ApiResult<Option<PlanVersion>> {
    let find = FindBefore {
        firm_id,
        partnership_id: version.partnership_id,
        section: version.section,
        number: version.number,
    };
    maybe(find.get_result(&mut &*conn).await.optional()?)
}

statement! {
    /// What is open, and what is in force, of every section.
    ListCurrent { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid } -> Columns,
    concat!(
        view!("", "plan_versions"),
        " AND v.partnership_id = $2 AND (v.state = 'proposed' OR (v.state = 'agreed' AND NOT EXISTS (
             SELECT FROM plan_versions l WHERE l.partnership_id = v.partnership_id AND l.section = v.section
                AND l.state = 'agreed' AND l.number > v.number)))"
    )
}

/// Of every section what is in force and what waits for an answer.
pub(super) async fn list_current(
    conn: &Conn,
    (firm_id, partnership_id): (Uuid, Uuid),
) -> ApiResult<Vec<PlanVersion>> {
    let list = ListCurrent {
        firm_id,
        partnership_id,
    };
    let rows: Vec<VersionRow> = list.load(&mut &*conn).await?;
    rows.into_iter().map(shown).collect()
}

/// Which versions of a partnership.
#[derive(Clone, Debug)]
pub(super) struct ListFilter {
    pub partnership_id: Uuid,
    pub section: Option<PlanSection>,
    pub state: Option<VersionState>,
    pub after: Option<Uuid>,
    pub rows: i64,
}

/// Newest first.
pub(super) async fn list(
    conn: &Conn,
    firm_id: Uuid,
    filter: ListFilter,
) -> ApiResult<Vec<PlanVersion>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(firm_id));
    let word = |word: &str| Bind::Text(word.to_owned());
    let also = query.also([
        (
            "v.partnership_id =",
            Some(Bind::Uuid(filter.partnership_id)),
        ),
        ("v.section =", filter.section.map(|one| word(one.as_str()))),
        ("v.state =", filter.state.map(|one| word(one.as_str()))),
        ("v.id <", filter.after.map(Bind::Uuid)),
    ]);
    let rows = query.bind(Bind::Count(filter.rows));
    let order = format!("{also} ORDER BY v.id DESC LIMIT {rows}");
    let sql = [view!("", "plan_versions"), &order].concat();
    let rows: Vec<VersionRow> = query.sql(&sql).load(&mut &*conn).await?;
    rows.into_iter().map(shown).collect()
}

statement! {
    IsFirst { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid } -> Bool,
    "SELECT proposer_firm_id = $1 FROM partnerships WHERE id = $2"
}

/// Whether the party proposed the partnership: as it sees bodies, so they are kept.
pub(super) async fn is_first(conn: &Conn, party: &Party) -> ApiResult<bool> {
    let is_first = IsFirst {
        firm_id: party.us,
        partnership_id: party.partnership_id,
    };
    Ok(is_first.get_result(&mut &*conn).await?)
}

statement! {
    Insert {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, section: PlanSection => Text,
        body: Value => Jsonb, written_by: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    view!(
        "WITH made AS (
           INSERT INTO plan_versions (id, partnership_id, section, firm_id, state, body, written_by, created_at, updated_at)
           VALUES ($2, $3, $4, $1, 'draft', $5, $6, $7, $7) RETURNING *) ",
        "made"
    )
}

/// Writes a draft.
pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    (id, party): (Uuid, &Party),
    body: &SectionBody,
    now: Timestamp,
) -> ApiResult<PlanVersion> {
    let insert = Insert {
        firm_id: party.us,
        id,
        partnership_id: party.partnership_id,
        section: body.section(),
        body: kept(body, is_first(tx, party).await?)?,
        written_by: caller.actor_id(),
        now,
    };
    shown(insert.get_result(&mut &**tx).await?)
}

statement! {
    Edit {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, version: i32 => Integer, body: Value => Jsonb, now: Timestamp => Timestamptz,
    } -> Columns,
    view!(
        "WITH made AS (
           UPDATE plan_versions SET body = $4, updated_at = $5, version = version + 1
            WHERE id = $2 AND firm_id = $1 AND version = $3 AND state = 'draft' AND body <> $4 RETURNING *) ",
        "made"
    )
}

/// Writes a draft of this version anew; `None` when it has another, is no draft, or is like this already.
pub(super) async fn edit(
    tx: &Tx,
    party: &Party,
    (id, version): (Uuid, i32),
    body: &SectionBody,
    now: Timestamp,
) -> ApiResult<Option<PlanVersion>> {
    let edit = Edit {
        firm_id: party.us,
        id,
        version,
        body: kept(body, is_first(tx, party).await?)?,
        now,
    };
    maybe(edit.get_result(&mut &**tx).await.optional()?)
}

statement! {
    Remove { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Integer,
    "DELETE FROM plan_versions WHERE id = $2 AND firm_id = $1 AND state = 'draft' RETURNING version + 1"
}

/// Removes a draft and gives the version that its removal is; `None` when it is no draft any more.
pub(super) async fn remove(tx: &Tx, firm_id: Uuid, id: Uuid) -> ApiResult<Option<i32>> {
    let removed = Remove { firm_id, id }.get_result(&mut &**tx).await;
    Ok(removed.optional()?)
}

statement! {
    Propose {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, version: i32 => Integer, counters_id: Option<Uuid> => Nullable<SqlUuid>,
        actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    view!(
        "WITH made AS (
           UPDATE plan_versions d
              SET state = 'proposed', counters_id = $4, proposed_by = $5, proposed_at = $6, updated_at = $6, version = d.version + 1,
                  number = 1 + coalesce((SELECT max(o.number) FROM plan_versions o
                                          WHERE o.partnership_id = d.partnership_id AND o.section = d.section), 0)
            WHERE d.id = $2 AND d.firm_id = $1 AND d.state = 'draft' AND d.version = $3 RETURNING d.*) ",
        "made"
    )
}

/// Proposes a draft of this version; `None` when it has another, or is no draft any more.
pub(super) async fn propose(
    tx: &Tx,
    caller: &Caller,
    draft: &PlanVersion,
    counters_id: Option<Uuid>,
    now: Timestamp,
) -> ApiResult<Option<PlanVersion>> {
    let propose = Propose {
        firm_id: caller.firm_id,
        id: draft.id,
        version: draft.version,
        counters_id,
        actor_id: caller.actor_id(),
        now,
    };
    maybe(propose.get_result(&mut &**tx).await.optional()?)
}

statement! {
    /// `$3` tells whether it must be the caller's own.
    Answer<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, is_ours: bool => Bool, to: VersionState => Text,
        reason: Option<&'a str> => Nullable<Text>, actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    view!(
        "WITH made AS (
           UPDATE plan_versions
              SET state = $4, reason = $5, answered_by = $6, closed_at = $7, updated_at = $7, version = version + 1
            WHERE id = $2 AND (firm_id = $1) = $3 AND state = 'proposed' RETURNING *) ",
        "made"
    )
}

/// Closes a proposal along an arrow; `None` when it waits for no answer any more, or not for this one.
pub(super) async fn answer(
    tx: &Tx,
    caller: &Caller,
    id: Uuid,
    (verb, reason): (Verb, Option<&str>),
    now: Timestamp,
) -> ApiResult<Option<PlanVersion>> {
    let answer = Answer {
        firm_id: caller.firm_id,
        id,
        is_ours: verb == Verb::Withdraw,
        to: verb.arrow().1,
        reason,
        actor_id: caller.actor_id(),
        now,
    };
    maybe(answer.get_result(&mut &**tx).await.optional()?)
}

//! The table of agenda items.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::AgendaItem;
use crate::meetings::model::{MeetingState, MeetingTopic};
use crate::parties::{Party, Side};
use crate::platform::auth::Caller;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// The items of a source, for the firm `$1`.
macro_rules! view {
    ($source:literal) => {
        concat!(
            "SELECT i.id, i.partnership_id, CASE WHEN p.proposer_firm_id = $1 THEN p.recipient_firm_id ELSE p.proposer_firm_id END,
                    i.firm_id = $1, i.meeting_id, i.carried_from_id, i.topic, i.title, i.detail, i.is_parked, i.resolution,
                    i.resolved_in_id, i.resolved_by, i.resolved_at, i.created_by, i.created_at, i.updated_at, i.version
               FROM ", $source, " i
               JOIN partnerships p ON p.id = i.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)"
        )
    };
}

type Columns = (
    SqlUuid,
    SqlUuid,
    SqlUuid,
    Bool,
    Nullable<SqlUuid>,
    Nullable<SqlUuid>,
    Nullable<Text>,
    Text,
    Nullable<Text>,
    Bool,
    Nullable<Text>,
    Nullable<SqlUuid>,
    Nullable<SqlUuid>,
    Nullable<Timestamptz>,
    SqlUuid,
    Timestamptz,
    Timestamptz,
    Integer,
);

#[derive(Debug, Queryable)]
struct ItemRow {
    id: Uuid,
    partnership_id: Uuid,
    partner_firm_id: Uuid,
    is_ours: bool,
    meeting_id: Option<Uuid>,
    carried_from_id: Option<Uuid>,
    topic: Option<MeetingTopic>,
    title: String,
    detail: Option<String>,
    is_parked: bool,
    resolution: Option<String>,
    resolved_in_id: Option<Uuid>,
    resolved_by: Option<Uuid>,
    resolved_at: Option<Timestamp>,
    created_by: Uuid,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

impl From<ItemRow> for AgendaItem {
    fn from(row: ItemRow) -> Self {
        Self {
            id: row.id,
            partnership_id: row.partnership_id,
            partner_firm_id: row.partner_firm_id,
            party: Side::of(row.is_ours),
            meeting_id: row.meeting_id,
            carried_from_id: row.carried_from_id,
            topic: row.topic,
            title: row.title,
            detail: row.detail,
            parked: row.is_parked,
            resolution: row.resolution,
            resolved_in_id: row.resolved_in_id,
            resolved_by: row.resolved_by,
            resolved_at: row.resolved_at,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

fn maybe(row: Option<ItemRow>) -> Option<AgendaItem> {
    row.map(AgendaItem::from)
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(view!("agenda_items"), " WHERE i.id = $2")
}

pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<AgendaItem>> {
    let row = Find { firm_id, id }.get_result(&mut &*conn).await;
    Ok(maybe(row.optional()?))
}

/// Which items of a partnership.
#[derive(Clone, Debug)]
pub(super) struct ListFilter {
    pub partnership_id: Uuid,
    pub meeting_id: Option<Uuid>,
    pub party: Option<Side>,
    pub parked: Option<bool>,
    pub open: Option<bool>,
    pub after: Option<Uuid>,
    pub rows: i64,
}

/// Newest first.
pub(super) async fn list(
    conn: &Conn,
    firm_id: Uuid,
    filter: ListFilter,
) -> ApiResult<Vec<AgendaItem>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(firm_id));
    let mut also = query.also([
        (
            "i.partnership_id =",
            Some(Bind::Uuid(filter.partnership_id)),
        ),
        ("i.meeting_id =", filter.meeting_id.map(Bind::Uuid)),
        ("i.id <", filter.after.map(Bind::Uuid)),
    ]);
    let yes_or_no = [
        (
            filter.party.map(|party| party == Side::Us),
            "i.firm_id = $1",
        ),
        (filter.parked, "i.is_parked"),
        (filter.open, "i.resolved_at IS NULL"),
    ];
    for (wanted, condition) in yes_or_no {
        also.push_str(&match wanted {
            None => String::new(),
            Some(true) => format!(" AND {condition}"),
            Some(false) => format!(" AND NOT ({condition})"),
        });
    }
    let rows = query.bind(Bind::Count(filter.rows));
    let query = query
        .sql(view!("agenda_items"))
        .sql(" WHERE true")
        .sql(&also)
        .sql(&format!(" ORDER BY i.id DESC LIMIT {rows}"));
    let rows: Vec<ItemRow> = query.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(AgendaItem::from).collect())
}

statement! {
    /// What is in the parking lot is told whichever the meeting is.
    ListOpen {
        firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, meeting_id: Uuid => SqlUuid, is_next: bool => Bool, rows: i64 => BigInt,
    } -> Columns,
    concat!(
        view!("agenda_items"),
        " WHERE i.partnership_id = $2 AND i.resolved_at IS NULL
            AND (i.is_parked OR i.meeting_id = $3
              OR ($4 AND (i.meeting_id IS NULL
                OR EXISTS (SELECT FROM meetings b JOIN meetings n ON n.id = $3
                            WHERE b.id = i.meeting_id AND b.state = 'planned' AND b.starts_at < n.starts_at))))
          ORDER BY i.is_parked, i.created_at, i.id LIMIT $5"
    )
}

/// The open items that stand on a meeting's agenda, where it is the next one also those that wait for that and those of
/// meetings that are past and of which nobody has said what became of them, and the parking lot after them; the oldest
/// first.
pub async fn list_open(
    conn: &Conn,
    (firm_id, partnership_id): (Uuid, Uuid),
    (meeting_id, is_next): (Uuid, bool),
    rows: i64,
) -> ApiResult<Vec<AgendaItem>> {
    let list = ListOpen {
        firm_id,
        partnership_id,
        meeting_id,
        is_next,
        rows,
    };
    let rows: Vec<ItemRow> = list.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(AgendaItem::from).collect())
}

statement! {
    HoldState { partnership_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Text,
    "SELECT state FROM meetings WHERE id = $2 AND partnership_id = $1 FOR SHARE"
}

/// Where a meeting of the partnership stands, until the transaction ends; `None` where it has no such meeting.
pub(super) async fn hold_state(
    tx: &Tx,
    partnership_id: Uuid,
    id: Uuid,
) -> ApiResult<Option<MeetingState>> {
    let hold = HoldState { partnership_id, id };
    Ok(hold.get_result(&mut &**tx).await.optional()?)
}

/// What an item says.
pub(super) struct Words<'a> {
    pub meeting_id: Option<Uuid>,
    pub topic: Option<MeetingTopic>,
    pub title: &'a str,
    pub detail: Option<&'a str>,
    pub is_parked: bool,
}

statement! {
    Insert<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, meeting_id: Option<Uuid> => Nullable<SqlUuid>,
        topic: Option<MeetingTopic> => Nullable<Text>, title: &'a str => Text, detail: Option<&'a str> => Nullable<Text>,
        is_parked: bool => Bool, actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           INSERT INTO agenda_items (id, partnership_id, firm_id, meeting_id, topic, title, detail, is_parked, created_by, created_at, updated_at)
           VALUES ($2, $3, $1, $4, $5, $6, $7, $8, $9, $10, $10) RETURNING *) ",
        view!("made")
    )
}

pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    (id, party): (Uuid, &Party),
    words: &Words<'_>,
    now: Timestamp,
) -> ApiResult<AgendaItem> {
    let insert = Insert {
        firm_id: party.us,
        id,
        partnership_id: party.partnership_id,
        meeting_id: words.meeting_id,
        topic: words.topic,
        title: words.title,
        detail: words.detail,
        is_parked: words.is_parked,
        actor_id: caller.actor_id(),
        now,
    };
    let row: ItemRow = insert.get_result(&mut &**tx).await?;
    Ok(row.into())
}

statement! {
    Edit<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, version: i32 => Integer, meeting_id: Option<Uuid> => Nullable<SqlUuid>,
        topic: Option<MeetingTopic> => Nullable<Text>, title: &'a str => Text, detail: Option<&'a str> => Nullable<Text>,
        is_parked: bool => Bool, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE agenda_items SET meeting_id = $4, topic = $5, title = $6, detail = $7, is_parked = $8, updated_at = $9, version = version + 1
            WHERE id = $2 AND version = $3 AND firm_id = $1 AND resolved_at IS NULL
              AND (meeting_id, topic, title, detail, is_parked) IS DISTINCT FROM ($4, $5, $6, $7, $8)
            RETURNING *) ",
        view!("made")
    )
}

/// Writes an open item of this version anew; `None` when it has another, is resolved, or is like this already.
pub(super) async fn edit(
    tx: &Tx,
    firm_id: Uuid,
    (id, version): (Uuid, i32),
    words: &Words<'_>,
    now: Timestamp,
) -> ApiResult<Option<AgendaItem>> {
    let edit = Edit {
        firm_id,
        id,
        version,
        meeting_id: words.meeting_id,
        topic: words.topic,
        title: words.title,
        detail: words.detail,
        is_parked: words.is_parked,
        now,
    };
    Ok(maybe(edit.get_result(&mut &**tx).await.optional()?))
}

statement! {
    Remove { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Integer,
    "DELETE FROM agenda_items WHERE id = $2 AND firm_id = $1 AND resolved_at IS NULL RETURNING version + 1"
}

/// Removes an open item and gives the version that its removal is; `None` when it is resolved, or gone.
pub(super) async fn remove(tx: &Tx, firm_id: Uuid, id: Uuid) -> ApiResult<Option<i32>> {
    let removed = Remove { firm_id, id }.get_result(&mut &**tx).await;
    Ok(removed.optional()?)
}

statement! {
    /// The meeting is the one that is named; else the one held within a day; else the one on whose agenda it stands.
    Resolve<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, meeting_id: Option<Uuid> => Nullable<SqlUuid>,
        resolution: Option<&'a str> => Nullable<Text>, actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE agenda_items r
              SET resolved_in_id = coalesce($3,
                    (SELECT h.id FROM meetings h
                      WHERE h.partnership_id = r.partnership_id AND h.state = 'held' AND h.held_at > $6 - interval '1 day'
                      ORDER BY h.held_at DESC, h.id DESC LIMIT 1),
                    meeting_id,
                    (SELECT n.id FROM meetings n
                      WHERE n.partnership_id = r.partnership_id AND n.state = 'planned' AND n.starts_at >= $6
                      ORDER BY n.starts_at, n.id LIMIT 1)), resolution = $4, resolved_by = $5, resolved_at = $6, updated_at = $6,
                  version = version + 1
            WHERE id = $2 AND resolved_at IS NULL RETURNING *) ",
        view!("made")
    )
}

/// Resolves an open item; `None` when it is resolved already.
pub(super) async fn resolve(
    tx: &Tx,
    caller: &Caller,
    (id, meeting_id): (Uuid, Option<Uuid>),
    resolution: Option<&str>,
    now: Timestamp,
) -> ApiResult<Option<AgendaItem>> {
    let resolve = Resolve {
        firm_id: caller.firm_id,
        id,
        meeting_id,
        resolution,
        actor_id: caller.actor_id(),
        now,
    };
    Ok(maybe(resolve.get_result(&mut &**tx).await.optional()?))
}

statement! {
    /// What waits for the next meeting was on the agenda of this one where no other was to come before it.
    Carry {
        firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, from_id: Uuid => SqlUuid, written_by_then: Option<Timestamp> => Nullable<Timestamptz>,
        starts_at: Timestamp => Timestamptz, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE agenda_items
              SET carried_from_id = coalesce(carried_from_id, $3), updated_at = $6, version = version + 1,
                  meeting_id = (SELECT n.id FROM meetings n
                                 WHERE n.partnership_id = $2 AND n.state = 'planned' AND n.id <> $3 AND n.starts_at >= greatest($5, $6)
                                 ORDER BY n.starts_at, n.id LIMIT 1)
            WHERE partnership_id = $2 AND resolved_at IS NULL AND NOT is_parked
              AND (meeting_id = $3
                OR (meeting_id IS NULL AND created_at <= $4
                    AND NOT EXISTS (SELECT FROM meetings b
                                     WHERE b.partnership_id = $2 AND b.state = 'planned' AND b.starts_at >= $6 AND b.starts_at < $5)))
            RETURNING *) ",
        view!("made")
    )
}

/// Puts what is open on a meeting's agenda on that of the next; gives those that were. With an instant also what was
/// written by then and waited for this one without naming it.
pub(super) async fn carry(
    tx: &Tx,
    (firm_id, partnership_id): (Uuid, Uuid),
    (from_id, starts_at): (Uuid, Timestamp),
    written_by_then: Option<Timestamp>,
    now: Timestamp,
) -> ApiResult<Vec<AgendaItem>> {
    let carry = Carry {
        firm_id,
        partnership_id,
        from_id,
        written_by_then,
        starts_at,
        now,
    };
    let rows: Vec<ItemRow> = carry.load(&mut &**tx).await?;
    Ok(rows.into_iter().map(AgendaItem::from).collect())
}

statement! {
    CountOpen { partnership_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid } -> BigInt,
    "SELECT count(*) FROM agenda_items WHERE partnership_id = $1 AND firm_id = $2 AND resolved_at IS NULL"
}

/// How many open items a party has.
pub(super) async fn count_open(tx: &Tx, party: &Party) -> ApiResult<i64> {
    let count = CountOpen {
        partnership_id: party.partnership_id,
        firm_id: party.us,
    };
    Ok(count.get_result(&mut &**tx).await?)
}

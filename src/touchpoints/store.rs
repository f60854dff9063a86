//! The tables of touchpoints and their guests.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{
    BigInt, Bool, Date as SqlDate, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::content::Content;
use super::guests;
use super::model::{
    Touchpoint, TouchpointGuest, TouchpointKind, TouchpointState, TouchpointVisibility,
};
use crate::parties::{Party, Side};
use crate::platform::auth::Caller;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::{Currency, Date, Money, Name, Timestamp};
use crate::statement;

/// A touchpoint for the firm `$1`.
macro_rules! columns {
    () => {
        "t.id, t.partnership_id, t.by_firm_id = $1, CASE WHEN t.by_firm_id = $1 THEN t.to_firm_id ELSE t.by_firm_id END,
         t.kind, t.state, t.planned_on, t.happened_on, t.place, t.note, t.visibility, t.is_paid_by_author,
         t.cost_minor, t.cost_currency,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('is_ours', g.firm_id = $1, 'member_id', g.member_id,
                                                       'name', coalesce(m.name, g.name)) ORDER BY g.place), '[]')
            FROM touchpoint_guests g LEFT JOIN members m ON m.id = g.member_id WHERE g.touchpoint_id = t.id),
         t.recorded_by, t.created_at, t.updated_at, t.version"
    };
}

/// Whether the firm `$1` sees it.
macro_rules! seen {
    () => {
        "(t.by_firm_id = $1 OR (t.to_firm_id = $1 AND t.visibility = 'shared'))"
    };
}

type Columns = (
    SqlUuid,
    SqlUuid,
    Bool,
    SqlUuid,
    Text,
    Text,
    Nullable<SqlDate>,
    Nullable<SqlDate>,
    Nullable<Text>,
    Nullable<Text>,
    Text,
    Nullable<Bool>,
    Nullable<BigInt>,
    Nullable<Text>,
    Jsonb,
    SqlUuid,
    Timestamptz,
    Timestamptz,
    Integer,
);

#[derive(Debug, Queryable)]
struct TouchpointRow {
    id: Uuid,
    partnership_id: Uuid,
    is_ours: bool,
    partner_firm_id: Uuid,
    kind: TouchpointKind,
    state: TouchpointState,
    planned_on: Option<Date>,
    happened_on: Option<Date>,
    place: Option<String>,
    note: Option<String>,
    visibility: TouchpointVisibility,
    is_paid_by_author: Option<bool>,
    cost_minor: Option<i64>,
    cost_currency: Option<Currency>,
    guests: Value,
    recorded_by: Uuid,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

#[derive(Debug, Deserialize)]
struct GuestRow {
    is_ours: bool,
    member_id: Option<Uuid>,
    name: Name,
}

impl TryFrom<TouchpointRow> for Touchpoint {
    type Error = Error;

    fn try_from(row: TouchpointRow) -> ApiResult<Self> {
        let guests: Vec<GuestRow> = serde_json::from_value(row.guests)
            .map_err(|error| Error::broken(format!("guests: {error}")))?;
        let guests = guests.into_iter().map(|guest| TouchpointGuest {
            side: Side::of(guest.is_ours),
            member_id: guest.member_id,
            name: guest.name,
        });
        let author = Side::of(row.is_ours);
        let paid_by = |by_author| if by_author { author } else { author.other() };
        Ok(Self {
            id: row.id,
            partnership_id: row.partnership_id,
            author,
            partner_firm_id: row.partner_firm_id,
            kind: row.kind,
            state: row.state,
            planned_on: row.planned_on,
            happened_on: row.happened_on,
            place: row.place,
            note: row.note,
            visibility: row.visibility,
            cost: Money::from_columns(row.cost_minor, row.cost_currency),
            paid_by: row.is_paid_by_author.map(paid_by),
            guests: guests.collect(),
            warnings: Vec::new(),
            recorded_by: row.recorded_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!("SELECT ", columns!(), " FROM touchpoints t WHERE t.id = $2 AND ", seen!())
}

pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Touchpoint>> {
    let row: Option<TouchpointRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    row.map(Touchpoint::try_from).transpose()
}

/// Which touchpoints of a partnership.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListFilter {
    pub kind: Option<TouchpointKind>,
    pub state: Option<TouchpointState>,
    pub visibility: Option<TouchpointVisibility>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub after: Option<Uuid>,
    pub rows: i64,
}

/// Newest first; those that the caller's firm sees.
pub(super) async fn list(
    conn: &Conn,
    party: &Party,
    filter: ListFilter,
) -> ApiResult<Vec<Touchpoint>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(party.us));
    let kind = filter.kind.map(|kind| Bind::Text(kind.to_string()));
    let state = filter.state.map(|state| Bind::Text(state.to_string()));
    let visibility = filter.visibility.map(|one| Bind::Text(one.to_string()));
    let on = "coalesce(t.happened_on, t.planned_on)";
    let also = query.also([
        ("t.partnership_id =", Some(Bind::Uuid(party.partnership_id))),
        ("t.kind =", kind),
        ("t.state =", state),
        ("t.visibility =", visibility),
        (&format!("{on} >="), filter.from.map(Bind::Date)),
        (&format!("{on} <"), filter.to.map(Bind::Date)),
        ("t.id <", filter.after.map(Bind::Uuid)),
    ]);
    let rows = query.bind(Bind::Count(filter.rows));
    let text = format!(
        concat!(
            "SELECT ",
            columns!(),
            " FROM touchpoints t WHERE ",
            seen!(),
            "{} ORDER BY t.id DESC LIMIT {}"
        ),
        also, rows
    );
    let rows: Vec<TouchpointRow> = query.sql(&text).load(&mut &*conn).await?;
    rows.into_iter().map(Touchpoint::try_from).collect()
}

statement! {
    LastSharedMeal { partnership_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid } -> Nullable<SqlDate>,
    "SELECT max(happened_on) FROM touchpoints
      WHERE partnership_id = $1 AND $2 IN (by_firm_id, to_firm_id) AND kind IN ('meal', 'coffee')
        AND state = 'held' AND visibility = 'shared'"
}

/// When the two last shared a meal or a coffee that both see, whichever wrote it down: the same for both parties.
pub async fn last_shared_meal(
    conn: &Conn,
    partnership_id: Uuid,
    firm_id: Uuid,
) -> ApiResult<Option<Date>> {
    let last = LastSharedMeal {
        partnership_id,
        firm_id,
    };
    Ok(last.get_result(&mut &*conn).await?)
}

statement! {
    Insert<'a> {
        id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, by_firm_id: Uuid => SqlUuid, to_firm_id: Uuid => SqlUuid,
        kind: TouchpointKind => Text, state: TouchpointState => Text, planned_on: Option<Date> => Nullable<SqlDate>,
        happened_on: Option<Date> => Nullable<SqlDate>, place: Option<&'a str> => Nullable<Text>,
        note: Option<&'a str> => Nullable<Text>, visibility: TouchpointVisibility => Text,
        is_paid_by_author: Option<bool> => Nullable<Bool>, cost_minor: Option<i64> => Nullable<BigInt>,
        cost_currency: Option<&'a Currency> => Nullable<Text>, recorded_by: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> (),
    "INSERT INTO touchpoints (id, partnership_id, by_firm_id, to_firm_id, kind, state, planned_on, happened_on, place, note,
                              visibility, is_paid_by_author, cost_minor, cost_currency, recorded_by, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)"
}

/// Keeps what the caller's party writes.
pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    (party, id): (&Party, Uuid),
    content: &Content,
    now: Timestamp,
) -> ApiResult<()> {
    let insert = Insert {
        id,
        partnership_id: party.partnership_id,
        by_firm_id: party.us,
        to_firm_id: party.them,
        kind: content.kind,
        state: content.state,
        planned_on: content.planned_on,
        happened_on: content.happened_on,
        place: content.place.as_deref(),
        note: content.note.as_deref(),
        visibility: content.visibility,
        is_paid_by_author: content.paid_by.map(|side| side == Side::Us),
        cost_minor: content.cost.as_ref().map(|cost| cost.amount_minor),
        cost_currency: content.cost.as_ref().map(|cost| &cost.currency),
        recorded_by: caller.actor_id(),
        now,
    };
    insert.execute(&mut &**tx).await?;
    guests::insert(tx, party, id, content).await
}

statement! {
    Replace<'a> {
        by_firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, version: i32 => Integer, kind: TouchpointKind => Text,
        state: TouchpointState => Text, planned_on: Option<Date> => Nullable<SqlDate>,
        happened_on: Option<Date> => Nullable<SqlDate>, place: Option<&'a str> => Nullable<Text>,
        note: Option<&'a str> => Nullable<Text>, visibility: TouchpointVisibility => Text,
        is_paid_by_author: Option<bool> => Nullable<Bool>, cost_minor: Option<i64> => Nullable<BigInt>,
        cost_currency: Option<&'a Currency> => Nullable<Text>, now: Timestamp => Timestamptz,
    } -> (),
    "UPDATE touchpoints
        SET kind = $4, state = $5, planned_on = $6, happened_on = $7, place = $8, note = $9, visibility = $10,
            is_paid_by_author = $11, cost_minor = $12, cost_currency = $13, updated_at = $14, version = version + 1
      WHERE by_firm_id = $1 AND id = $2 AND version = $3"
}

/// Writes over a touchpoint of this version; whether it has it.
pub(super) async fn replace(
    tx: &Tx,
    party: &Party,
    (id, version): (Uuid, i32),
    content: &Content,
    now: Timestamp,
) -> ApiResult<bool> {
    let replace = Replace {
        by_firm_id: party.us,
        id,
        version,
        kind: content.kind,
        state: content.state,
        planned_on: content.planned_on,
        happened_on: content.happened_on,
        place: content.place.as_deref(),
        note: content.note.as_deref(),
        visibility: content.visibility,
        is_paid_by_author: content.paid_by.map(|side| side == Side::Us),
        cost_minor: content.cost.as_ref().map(|cost| cost.amount_minor),
        cost_currency: content.cost.as_ref().map(|cost| &cost.currency),
        now,
    };
    if replace.execute(&mut &**tx).await? == 0 {
        return Ok(false);
    }
    guests::remove(tx, id).await?;
    guests::insert(tx, party, id, content).await?;
    Ok(true)
}

statement! {
    Remove { by_firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> (Text, Integer),
    "DELETE FROM touchpoints WHERE by_firm_id = $1 AND id = $2 RETURNING visibility, version + 1"
}

/// Removes a touchpoint and gives it with the version that its removal is.
pub(super) async fn remove(
    tx: &Tx,
    firm_id: Uuid,
    touchpoint: &Touchpoint,
) -> ApiResult<Option<Touchpoint>> {
    let remove = Remove {
        by_firm_id: firm_id,
        id: touchpoint.id,
    };
    let row: Option<(TouchpointVisibility, i32)> =
        remove.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(|(visibility, version)| Touchpoint {
        visibility,
        version,
        ..touchpoint.clone()
    }))
}

//! Reads what was received.

use diesel::prelude::Queryable;
use diesel::sql_types::{
    Array, BigInt, Date as SqlDate, Nullable, SmallInt, Text, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::{Currency, Date, Name};
use crate::statement;

/// Who a guest `$g` is, in his firm: a member, or a name in whichever case.
macro_rules! person {
    ($g:literal) => {
        concat!("coalesce(", $g, ".member_id::text, lower(", $g, ".name))")
    };
}

/// What somebody received by a touchpoint.
#[derive(Clone, Debug, Queryable)]
pub struct Gift {
    pub firm_id: Uuid,
    pub firm_name: Name,
    pub person: String,
    pub member_id: Option<Uuid>,
    pub name: Name,
    pub currency: Currency,
    pub touchpoint_id: Uuid,
    pub happened_on: Date,
    pub share_minor: i64,
}

statement! {
    List { firm_id: Uuid => SqlUuid, after: Date => SqlDate, until: Date => SqlDate }
        -> (SqlUuid, Text, Text, Nullable<SqlUuid>, Text, Text, SqlUuid, SqlDate, BigInt),
    concat!(
        "SELECT g.firm_id, f.name, ", person!("g"), ", g.member_id, coalesce(m.name, g.name), t.cost_currency, t.id,
                t.happened_on, g.share_minor
           FROM touchpoints t
           JOIN touchpoint_guests g ON g.touchpoint_id = t.id AND g.firm_id = t.to_firm_id
           JOIN firms f ON f.id = g.firm_id
           LEFT JOIN members m ON m.id = g.member_id
          WHERE t.by_firm_id = $1 AND t.state = 'held' AND t.cost_minor IS NOT NULL
            AND t.happened_on > $2 AND t.happened_on <= $3
          ORDER BY f.name, g.firm_id, 3, t.cost_currency, t.happened_on, t.id"
    )
}

/// All that people of partner firms received from a firm after one date and up to another; by firm, person, currency
/// and date.
pub async fn list(
    conn: &Conn,
    firm_id: Uuid,
    (after, until): (Date, Date),
) -> ApiResult<Vec<Gift>> {
    let list = List {
        firm_id,
        after,
        until,
    };
    Ok(list.load(&mut &*conn).await?)
}

/// What a guest of a touchpoint received, by that or another.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Received {
    /// The touchpoint that was asked about.
    pub touchpoint_id: Uuid,
    /// The guest's place in it.
    pub place: i16,
    pub on: Date,
    pub share_minor: i64,
}

statement! {
    ByGuests<'a> {
        firm_id: Uuid => SqlUuid, ids: &'a [Uuid] => Array<SqlUuid>, currency: &'a Currency => Text, after: Date => SqlDate,
        before: Date => SqlDate,
    } -> (SqlUuid, SmallInt, SqlDate, BigInt),
    concat!(
        "SELECT t.id, g.place, coalesce(o.happened_on, o.planned_on), og.share_minor
           FROM touchpoints t
           JOIN touchpoint_guests g ON g.touchpoint_id = t.id AND g.firm_id = t.to_firm_id AND g.share_minor > 0
           JOIN touchpoints o ON o.by_firm_id = t.by_firm_id AND o.cost_currency = t.cost_currency
                             AND (o.id = t.id OR (o.state = 'held' AND o.happened_on > $4 AND o.happened_on < $5))
           JOIN touchpoint_guests og ON og.touchpoint_id = o.id AND og.firm_id = g.firm_id
                                    AND ", person!("og"), " = ", person!("g"), "
          WHERE t.by_firm_id = $1 AND t.id = ANY ($2) AND t.cost_currency = $3"
    )
}

/// For each guest who receives something by these touchpoints of a firm: that, and all that the guest received in the
/// same currency between two dates.
pub async fn received(
    conn: &Conn,
    firm_id: Uuid,
    ids: &[Uuid],
    currency: &Currency,
    (after, before): (Date, Date),
) -> ApiResult<Vec<Received>> {
    let by_guests = ByGuests {
        firm_id,
        ids,
        currency,
        after,
        before,
    };
    Ok(by_guests.load(&mut &*conn).await?)
}

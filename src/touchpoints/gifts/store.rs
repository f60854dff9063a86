//! Reads what was received.

use diesel::prelude::Queryable;
use diesel::sql_types::{Array, BigInt, Date as SqlDate, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::{Currency, Date, Name};
use crate::statement;

/// The member that a guest `$g` is, be it by a name that a member of his firm has.
macro_rules! member {
    ($g:literal) => {
        concat!(
            "coalesce(",
            $g,
            ".member_id, (SELECT named.id FROM members named
                                            WHERE named.firm_id = ",
            $g,
            ".firm_id AND lower(named.name) = lower(",
            $g,
            ".name)
                                            ORDER BY named.id LIMIT 1))"
        )
    };
}

/// Who a guest `$g` is, in his firm: a member, or else a name in whichever case.
macro_rules! person {
    ($g:literal) => {
        concat!("coalesce(", member!($g), "::text, lower(", $g, ".name))")
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
        "SELECT g.firm_id, f.name, ", person!("g"), ", m.id, coalesce(m.name, g.name), t.cost_currency, t.id,
                t.happened_on, g.share_minor
           FROM touchpoints t
           JOIN touchpoint_guests g ON g.touchpoint_id = t.id AND g.firm_id = t.to_firm_id
           JOIN firms f ON f.id = g.firm_id
           LEFT JOIN members m ON m.id = ", member!("g"), "
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

/// A guest who receives something by a touchpoint.
#[derive(Clone, Debug, Queryable)]
pub struct Receiver {
    pub touchpoint_id: Uuid,
    pub firm_id: Uuid,
    pub person: String,
    pub share_minor: i64,
}

statement! {
    ListReceivers<'a> { firm_id: Uuid => SqlUuid, ids: &'a [Uuid] => Array<SqlUuid>, currency: &'a Currency => Text }
        -> (SqlUuid, SqlUuid, Text, BigInt),
    concat!(
        "SELECT t.id, g.firm_id, ", person!("g"), ", g.share_minor
           FROM touchpoints t
           JOIN touchpoint_guests g ON g.touchpoint_id = t.id AND g.firm_id = t.to_firm_id AND g.share_minor > 0
          WHERE t.by_firm_id = $1 AND t.id = ANY ($2) AND t.cost_currency = $3"
    )
}

/// Who receives something in a currency by these touchpoints of a firm.
pub async fn list_receivers(
    conn: &Conn,
    firm_id: Uuid,
    ids: &[Uuid],
    currency: &Currency,
) -> ApiResult<Vec<Receiver>> {
    let list = ListReceivers {
        firm_id,
        ids,
        currency,
    };
    Ok(list.load(&mut &*conn).await?)
}

/// What somebody received on a date.
#[derive(Clone, Debug, Queryable)]
pub struct Received {
    pub firm_id: Uuid,
    pub person: String,
    pub on: Date,
    pub share_minor: i64,
}

statement! {
    ListReceived<'a> {
        firm_id: Uuid => SqlUuid, firms: &'a [Uuid] => Array<SqlUuid>, people: &'a [String] => Array<Text>, currency: &'a Currency => Text,
        after: Date => SqlDate, before: Date => SqlDate,
    } -> (SqlUuid, Text, SqlDate, BigInt),
    concat!(
        "SELECT g.firm_id, ", person!("g"), ", t.happened_on, least(sum(g.share_minor), 9223372036854775807)::bigint
           FROM touchpoints t
           JOIN touchpoint_guests g ON g.touchpoint_id = t.id AND g.firm_id = t.to_firm_id AND g.share_minor > 0
          WHERE t.by_firm_id = $1 AND t.state = 'held' AND t.cost_currency = $4 AND t.happened_on > $5 AND t.happened_on < $6
            AND (g.firm_id, ", person!("g"), ") IN (SELECT p.firm_id, p.person FROM unnest($2, $3) p (firm_id, person))
          GROUP BY 1, 2, 3
          ORDER BY 3"
    )
}

/// What each of these people received from a firm in a currency on each date between two, the earliest first. A person is
/// told by the firm and by whom the guest is there.
pub async fn list_received(
    conn: &Conn,
    firm_id: Uuid,
    (firms, people): (&[Uuid], &[String]),
    currency: &Currency,
    (after, before): (Date, Date),
) -> ApiResult<Vec<Received>> {
    let list = ListReceived {
        firm_id,
        firms,
        people,
        currency,
        after,
        before,
    };
    Ok(list.load(&mut &*conn).await?)
}

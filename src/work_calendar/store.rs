//! The tables of work calendars and holidays.

use diesel::prelude::*;
use diesel::sql_types::{
    Array, Bool, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::get::{FirmWorkCalendar, Holiday};
use super::model::WorkCalendar;
use crate::parties::Party;
use crate::plan::Weekday;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Name, Timestamp};
use crate::statement;

statement! {
    FindCalendar { firm_id: Uuid => SqlUuid } -> (Array<Text>, Timestamptz, Integer),
    "SELECT weekend, updated_at, version FROM work_calendars WHERE firm_id = $1"
}

statement! {
    ListHolidays { firm_id: Uuid => SqlUuid } -> (SqlDate, Text),
    "SELECT holiday_on, name FROM holidays WHERE firm_id = $1 ORDER BY holiday_on"
}

/// A firm's calendar; the one that every firm begins with where it has said nothing.
pub(super) async fn find(conn: &Conn, firm_id: Uuid) -> ApiResult<FirmWorkCalendar> {
    // Sent together, they take one round trip.
    let (mut one, mut other) = (conn, conn);
    let (found, holidays) = futures_util::try_join!(
        FindCalendar { firm_id }.get_results::<(Vec<Weekday>, Timestamp, i32)>(&mut one),
        ListHolidays { firm_id }.load::<(Date, Name)>(&mut other)
    )?;
    let found = found.into_iter().next();
    let (weekend, updated_at, version) = match found {
        Some((weekend, at, version)) => (weekend, Some(at), version),
        None => (vec![Weekday::Saturday, Weekday::Sunday], None, 0),
    };
    let holiday = |(holiday_on, name)| Holiday { holiday_on, name };
    Ok(FirmWorkCalendar {
        firm_id,
        weekend,
        holidays: holidays.into_iter().map(holiday).collect(),
        updated_at,
        version,
    })
}

statement! {
    Replace<'a> {
        firm_id: Uuid => SqlUuid, version: i32 => Integer, weekend: &'a [Weekday] => Array<Text>, now: Timestamp => Timestamptz,
    } -> Integer,
    "INSERT INTO work_calendars AS c (firm_id, weekend, updated_at, version) VALUES ($1, $3, $4, 1)
     ON CONFLICT (firm_id) DO UPDATE SET weekend = $3, updated_at = $4, version = c.version + 1 WHERE c.version = $2
     RETURNING version"
}

statement! {
    RemoveHolidays { firm_id: Uuid => SqlUuid } -> Bool,
    "DELETE FROM holidays WHERE firm_id = $1 RETURNING true"
}

statement! {
    AddHolidays<'a> { firm_id: Uuid => SqlUuid, dates: Vec<Date> => Array<SqlDate>, names: Vec<&'a str> => Array<Text> } -> Bool,
    "INSERT INTO holidays (firm_id, holiday_on, name)
     SELECT $1, d, n FROM unnest($2, $3) AS given (d, n) RETURNING true"
}

/// Replaces the calendar of this version; says whether it did, and not where somebody was faster.
pub(super) async fn replace(
    tx: &Tx,
    (firm_id, version): (Uuid, i32),
    weekend: &[Weekday],
    holidays: &[(Date, &str)],
    now: Timestamp,
) -> ApiResult<bool> {
    let replace = Replace {
        firm_id,
        version,
        weekend,
        now,
    };
    let written: Option<i32> = replace.get_result(&mut &**tx).await.optional()?;
    // Two who both begin at version 0: the later finds the row of the earlier.
    if written != Some(version + 1) {
        return Ok(false);
    }
    let _removed: Vec<bool> = RemoveHolidays { firm_id }.load(&mut &**tx).await?;
    let (dates, names) = holidays.iter().copied().unzip();
    let add = AddHolidays {
        firm_id,
        dates,
        names,
    };
    let _added: Vec<bool> = add.load(&mut &**tx).await?;
    Ok(true)
}

statement! {
    ListDaysOff { firms: Vec<Uuid> => Array<SqlUuid> } -> (SqlUuid, Nullable<Text>, Nullable<SqlDate>),
    "SELECT f.id, day, NULL::date FROM unnest($1) AS f (id)
       LEFT JOIN work_calendars c ON c.firm_id = f.id
      CROSS JOIN LATERAL unnest(coalesce(c.weekend, '{saturday,sunday}')) AS day
     UNION ALL
     SELECT h.firm_id, NULL, h.holiday_on FROM holidays h WHERE h.firm_id = ANY ($1)"
}

type DayOffRow = (Uuid, Option<Weekday>, Option<Date>);

/// The days on which a firm works.
pub async fn days_of(conn: &Conn, firm_id: Uuid) -> ApiResult<WorkCalendar> {
    let firms = vec![firm_id];
    let rows: Vec<DayOffRow> = ListDaysOff { firms }.load(&mut &*conn).await?;
    Ok(calendar(&rows, firm_id))
}

/// The days on which each party of a partnership works: the caller's, and the other's.
pub async fn days_of_both(conn: &Conn, party: &Party) -> ApiResult<[WorkCalendar; 2]> {
    let sides = [party.us, party.them];
    let firms = sides.to_vec();
    let rows: Vec<DayOffRow> = ListDaysOff { firms }.load(&mut &*conn).await?;
    Ok(sides.map(|firm_id| calendar(&rows, firm_id)))
}

fn calendar(rows: &[DayOffRow], firm_id: Uuid) -> WorkCalendar {
    let theirs = || rows.iter().filter(move |(firm, ..)| *firm == firm_id);
    let weekend = theirs().filter_map(|(_, day, _)| *day);
    let holidays = theirs().filter_map(|(.., on)| *on);
    WorkCalendar::new(weekend, holidays)
}

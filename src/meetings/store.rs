//! The table of meetings.

use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Integer, Nullable, SmallInt, Text, Timestamptz,
    Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::coverage::{coverage, covered};
use super::model::{Meeting, MeetingAttendance, MeetingState, MeetingTopic};
use crate::parties::Party;
use crate::platform::auth::Caller;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::local::WallClock;
use crate::platform::values::{Date, TimeZone, Timestamp};
use crate::statement;

/// The meetings of a source, for the firm `$1`, with the elements that the records prove: an introduction that was
/// not offered proves nothing, since the other party does not see it.
macro_rules! view {
    ($source:literal) => {
        concat!(
            "SELECT m.id, m.partnership_id, CASE WHEN p.proposer_firm_id = $1 THEN p.recipient_firm_id ELSE p.proposer_firm_id END,
                    m.plan_version_id, m.occurrence_on, m.first_starts_at, m.starts_at, m.time_zone, us.time_zone, them.time_zone,
                    m.length_minutes, m.state, m.moved_reason, m.skipped_reason, m.held_at,
                    CASE WHEN p.proposer_firm_id = $1 THEN m.attended_by_proposer ELSE m.attended_by_recipient END,
                    CASE WHEN p.proposer_firm_id = $1 THEN m.attended_by_recipient ELSE m.attended_by_proposer END,
                    m.topics,
                    ARRAY(SELECT i.topic FROM agenda_items i WHERE i.resolved_in_id = m.id AND i.topic IS NOT NULL
                           UNION
                          SELECT 'action_steps' FROM meeting_outcomes o WHERE o.meeting_id = m.id AND o.kind = 'action_step'
                           UNION
                          SELECT 'introductions' FROM meeting_outcomes o JOIN introductions n ON n.id = o.introduction_id
                           WHERE o.meeting_id = m.id AND n.offered_at IS NOT NULL),
                    m.minutes_text, m.created_by, m.closed_by, m.created_at, m.updated_at, m.version
               FROM ", $source, " m
               JOIN partnerships p ON p.id = m.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)
               JOIN firms us ON us.id = $1
               JOIN firms them ON them.id = CASE WHEN p.proposer_firm_id = $1 THEN p.recipient_firm_id ELSE p.proposer_firm_id END"
        )
    };
}

pub(super) use view;

pub(super) type Columns = (
    (SqlUuid, SqlUuid, SqlUuid, Nullable<SqlUuid>, SqlDate),
    (Timestamptz, Timestamptz, Text, Text, Text, SmallInt),
    (Text, Nullable<Text>, Nullable<Text>, Nullable<Timestamptz>),
    (Array<SqlUuid>, Array<SqlUuid>, Array<Text>, Array<Text>),
    (Nullable<Text>, Nullable<SqlUuid>, Nullable<SqlUuid>),
    (Timestamptz, Timestamptz, Integer),
);

pub(super) type MeetingRow = (
    (Uuid, Uuid, Uuid, Option<Uuid>, Date),
    (Timestamp, Timestamp, TimeZone, TimeZone, TimeZone, i16),
    (
        MeetingState,
        Option<String>,
        Option<String>,
        Option<Timestamp>,
    ),
    (Vec<Uuid>, Vec<Uuid>, Vec<MeetingTopic>, Vec<MeetingTopic>),
    (Option<String>, Option<Uuid>, Option<Uuid>),
    (Timestamp, Timestamp, i32),
);

pub(super) fn shown(row: MeetingRow) -> Meeting {
    let (what, time, stands, said, by, kept) = row;
    let (id, partnership_id, partner_firm_id, plan_version_id, occurrence_on) = what;
    let (first_starts_at, starts_at, time_zone, ours, theirs, length_minutes) = time;
    let (state, moved_reason, skipped_reason, held_at) = stands;
    let (us, them, topics, proven) = said;
    let (minutes_text, created_by, closed_by) = by;
    let (created_at, updated_at, version) = kept;
    let covered = covered(&topics, &proven);
    Meeting {
        id,
        partnership_id,
        partner_firm_id,
        plan_version_id,
        occurrence_on,
        first_starts_at,
        starts_at,
        time_zone,
        starts_local_us: WallClock::at(starts_at, &ours),
        starts_local_them: WallClock::at(starts_at, &theirs),
        length_minutes,
        state,
        moved_reason,
        skipped_reason,
        held_at,
        attendance: MeetingAttendance { us, them },
        topics,
        coverage: held_at.map(|_| coverage(&covered)),
        covered,
        minutes_text,
        created_by,
        closed_by,
        created_at,
        updated_at,
        version,
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(view!("meetings"), " WHERE m.id = $2")
}

pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Meeting>> {
    let row = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(shown))
}

statement! {
    FindNext { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, after: Timestamp => Timestamptz } -> Columns,
    concat!(view!("meetings"), " WHERE m.partnership_id = $2 AND m.state = 'planned' AND m.starts_at > $3 ORDER BY m.starts_at, m.id LIMIT 1")
}

/// The first planned meeting of a partnership that begins after an instant.
pub(super) async fn find_next(
    conn: &Conn,
    (firm_id, partnership_id): (Uuid, Uuid),
    after: Timestamp,
) -> ApiResult<Option<Meeting>> {
    let find = FindNext {
        firm_id,
        partnership_id,
        after,
    };
    let row = find.get_result(&mut &*conn).await.optional()?;
    Ok(row.map(shown))
}

statement! {
    ListNext { firm_id: Uuid => SqlUuid, from: Timestamp => Timestamptz, to: Timestamp => Timestamptz, rows: i64 => BigInt } -> Columns,
    concat!(view!("meetings"), " WHERE m.state = 'planned' AND m.starts_at >= $2 AND m.starts_at < $3 ORDER BY m.starts_at, m.id LIMIT $4")
}

/// The planned meetings of a firm, over all its partnerships, that begin in `[from, to)`; the first ones.
pub async fn list_next(
    conn: &Conn,
    firm_id: Uuid,
    (from, to): (Timestamp, Timestamp),
    rows: i64,
) -> ApiResult<Vec<Meeting>> {
    let list = ListNext {
        firm_id,
        from,
        to,
        rows,
    };
    let rows: Vec<MeetingRow> = list.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(shown).collect())
}

/// Which meetings of a partnership.
#[derive(Clone, Debug)]
pub(super) struct ListFilter {
    pub partnership_id: Uuid,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub state: Option<MeetingState>,
    pub after: Option<Uuid>,
    pub rows: i64,
}

statement! {
    Exists { partnership_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Bool,
    "SELECT EXISTS (SELECT FROM meetings WHERE id = $2 AND partnership_id = $1)"
}

/// Whether a partnership has this meeting.
pub(super) async fn exists(conn: &Conn, partnership_id: Uuid, id: Uuid) -> ApiResult<bool> {
    let exists = Exists { partnership_id, id };
    Ok(exists.get_result(&mut &*conn).await?)
}

/// By their beginning; the last one of the page before is told by its id.
pub(super) async fn list(
    conn: &Conn,
    firm_id: Uuid,
    filter: ListFilter,
) -> ApiResult<Vec<Meeting>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(firm_id));
    let state = filter.state.map(|state| Bind::Text(state.to_string()));
    let mut also = query.also([
        (
            "m.partnership_id =",
            Some(Bind::Uuid(filter.partnership_id)),
        ),
        ("m.starts_at >=", filter.from.map(Bind::Timestamp)),
        ("m.starts_at <", filter.to.map(Bind::Timestamp)),
        ("m.state =", state),
    ]);
    if let Some(after) = filter.after {
        let after = query.bind(Bind::Uuid(after));
        also.push_str(&format!(
            " AND (m.starts_at, m.id) > (SELECT a.starts_at, a.id FROM meetings a WHERE a.id = {after})"
        ));
    }
    let rows = query.bind(Bind::Count(filter.rows));
    let query = query
        .sql(view!("meetings"))
        .sql(" WHERE true")
        .sql(&also)
        .sql(&format!(" ORDER BY m.starts_at, m.id LIMIT {rows}"));
    let rows: Vec<MeetingRow> = query.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(shown).collect())
}

/// What became of a conversation.
pub(super) struct Held<'a> {
    pub held_at: Timestamp,
    pub attendance: &'a MeetingAttendance,
    pub topics: &'a [MeetingTopic],
    pub minutes_text: Option<&'a str>,
}

/// A meeting besides the series.
pub(super) struct NewMeeting<'a> {
    pub id: Uuid,
    pub starts_at: Timestamp,
    pub time_zone: &'a TimeZone,
    pub length_minutes: i16,
    pub minutes_text: Option<&'a str>,
    pub held: Option<&'a Held<'a>>,
}

statement! {
    /// `$10` are the members of the caller's firm who took part, `$11` those of the other.
    Insert<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, occurrence_on: Date => SqlDate,
        starts_at: Timestamp => Timestamptz, time_zone: &'a TimeZone => Text, length_minutes: i16 => SmallInt,
        state: MeetingState => Text, held_at: Option<Timestamp> => Nullable<Timestamptz>, us: &'a [Uuid] => Array<SqlUuid>,
        them: &'a [Uuid] => Array<SqlUuid>, topics: &'a [MeetingTopic] => Array<Text>, minutes_text: Option<&'a str> => Nullable<Text>,
        actor_id: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           INSERT INTO meetings (id, partnership_id, occurrence_on, first_starts_at, starts_at, time_zone, length_minutes, state,
                                 held_at, attended_by_proposer, attended_by_recipient, topics, minutes_text, created_by, closed_by,
                                 created_at, updated_at)
           SELECT $2, o.id, $4, $5, $5, $6, $7, $8, $9, CASE WHEN o.proposer_firm_id = $1 THEN $10 ELSE $11 END,
                  CASE WHEN o.proposer_firm_id = $1 THEN $11 ELSE $10 END, $12, $13, $14, CASE WHEN $8 = 'held' THEN $14 END, $15, $15
             FROM partnerships o WHERE o.id = $3
           RETURNING *) ",
        view!("made")
    )
}

pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    party: &Party,
    meeting: &NewMeeting<'_>,
    now: Timestamp,
) -> ApiResult<Meeting> {
    let nobody = MeetingAttendance::default();
    let attendance = meeting.held.map_or(&nobody, |held| held.attendance);
    let insert = Insert {
        firm_id: party.us,
        id: meeting.id,
        partnership_id: party.partnership_id,
        occurrence_on: meeting.starts_at.date_in(meeting.time_zone),
        starts_at: meeting.starts_at,
        time_zone: meeting.time_zone,
        length_minutes: meeting.length_minutes,
        state: match meeting.held {
            Some(_) => MeetingState::Held,
            None => MeetingState::Planned,
        },
        held_at: meeting.held.map(|held| held.held_at),
        us: &attendance.us,
        them: &attendance.them,
        topics: meeting.held.map_or(&[], |held| held.topics),
        minutes_text: meeting.minutes_text,
        actor_id: caller.actor_id(),
        now,
    };
    Ok(shown(insert.get_result(&mut &**tx).await?))
}

statement! {
    Edit<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, version: i32 => Integer, minutes_text: Option<&'a str> => Nullable<Text>,
        now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE meetings SET minutes_text = $4, updated_at = $5, version = version + 1
            WHERE id = $2 AND version = $3 AND minutes_text IS DISTINCT FROM $4 RETURNING *) ",
        view!("made")
    )
}

/// Writes the minutes of a meeting of this version; `None` when it has another, or is like this already.
pub(super) async fn edit(
    tx: &Tx,
    firm_id: Uuid,
    (id, version): (Uuid, i32),
    minutes_text: Option<&str>,
    now: Timestamp,
) -> ApiResult<Option<Meeting>> {
    let edit = Edit {
        firm_id,
        id,
        version,
        minutes_text,
        now,
    };
    let row = edit.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(shown))
}

statement! {
    CountBesides { partnership_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> BigInt,
    "SELECT count(*) FROM meetings
      WHERE partnership_id = $1 AND plan_version_id IS NULL AND state = 'planned' AND starts_at > $2"
}

/// How many conversations besides the series are still to come.
pub(super) async fn count_besides(tx: &Tx, party: &Party, now: Timestamp) -> ApiResult<i64> {
    let count = CountBesides {
        partnership_id: party.partnership_id,
        now,
    };
    Ok(count.get_result(&mut &**tx).await?)
}

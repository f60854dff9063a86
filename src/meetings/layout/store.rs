//! The table of meetings as the series is laid out in it, and how far it is.

use diesel::OptionalExtension;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Integer, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::meetings::model::Meeting;
use crate::meetings::store::{Columns, MeetingRow, shown, view};
use crate::parties::PartnershipState;
use crate::plan::CommunicationProtocol;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, TimeZone, Timestamp};
use crate::statement;

/// The series of a partnership.
pub(super) struct Series<'a> {
    /// One of its firms.
    pub firm_id: Uuid,
    pub partnership_id: Uuid,
    pub version_id: Uuid,
    pub protocol: &'a CommunicationProtocol,
}

statement! {
    ListDue { until: Date => SqlDate, after: Uuid => SqlUuid, rows: i64 => BigInt } -> (SqlUuid, SqlUuid),
    "SELECT p.id, p.proposer_firm_id
       FROM partnerships p
       LEFT JOIN meeting_series s ON s.partnership_id = p.id
       LEFT JOIN LATERAL (SELECT v.id FROM plan_versions v
                           WHERE v.partnership_id = p.id AND v.section = 'communication_protocol' AND v.state = 'agreed'
                           ORDER BY v.number DESC LIMIT 1) v ON p.state IN ('exploring', 'active')
      WHERE p.id > $2
        AND CASE WHEN v.id IS NULL THEN p.state NOT IN ('exploring', 'active') AND s.partnership_id IS NOT NULL
                 ELSE s.partnership_id IS NULL OR s.laid_until < $1 OR s.plan_version_id <> v.id END
      ORDER BY p.id LIMIT $3"
}

/// Partnerships whose series is not laid out until a date, or no more as it should be; each with one of its firms.
pub(super) async fn list_due(
    conn: &Conn,
    until: Date,
    after: Uuid,
    rows: i64,
) -> ApiResult<Vec<(Uuid, Uuid)>> {
    Ok(ListDue { until, after, rows }.load(&mut &*conn).await?)
}

statement! {
    Hold { partnership_id: Uuid => SqlUuid } -> Text,
    "SELECT state FROM partnerships WHERE id = $1 FOR NO KEY UPDATE"
}

/// Where a partnership stands; it stays there, nobody agrees on anything and nobody else lays it out until the
/// transaction ends.
pub(super) async fn hold(tx: &Tx, partnership_id: Uuid) -> ApiResult<Option<PartnershipState>> {
    let state = Hold { partnership_id }.get_result(&mut &**tx).await;
    Ok(state.optional()?)
}

statement! {
    Adopt<'a> {
        firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, version_id: Uuid => SqlUuid, dates: &'a [Date] => Array<SqlDate>,
        starts: &'a [Timestamp] => Array<Timestamptz>, time_zone: &'a TimeZone => Text, length_minutes: i16 => SmallInt,
        now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH same AS (
           SELECT DISTINCT ON (m.occurrence_on) m.id
             FROM meetings m
             JOIN unnest($4, $5) o(on_date, starts_at) ON o.on_date = m.occurrence_on
            WHERE m.partnership_id = $2 AND m.plan_version_id <> $3
              AND (m.state = 'skipped' OR (m.state = 'planned' AND m.first_starts_at = o.starts_at AND m.time_zone = $6))
              AND NOT EXISTS (SELECT FROM meetings n
                               WHERE n.partnership_id = $2 AND n.plan_version_id = $3 AND n.occurrence_on = m.occurrence_on)
            ORDER BY m.occurrence_on, m.state DESC, m.id DESC),
         made AS (
           UPDATE meetings a
              SET plan_version_id = $3, length_minutes = CASE a.state WHEN 'planned' THEN $7 ELSE a.length_minutes END,
                  updated_at = $8, version = a.version + 1
             FROM same
            WHERE a.id = same.id AND a.state IN ('planned', 'skipped')
           RETURNING a.*) ",
        view!("made"),
        " ORDER BY m.starts_at"
    )
}

/// Takes over from older versions what is to begin at the same time, wherever it was moved, and what was skipped of
/// the same dates; gives those.
pub(super) async fn adopt(
    tx: &Tx,
    of: &Series<'_>,
    occurrences: &[(Date, Timestamp)],
    now: Timestamp,
) -> ApiResult<Vec<Meeting>> {
    let (dates, starts): (Vec<Date>, Vec<Timestamp>) = occurrences.iter().copied().unzip();
    let adopt = Adopt {
        firm_id: of.firm_id,
        partnership_id: of.partnership_id,
        version_id: of.version_id,
        dates: &dates,
        starts: &starts,
        time_zone: &of.protocol.time_zone,
        length_minutes: of.protocol.minutes,
        now,
    };
    let rows: Vec<MeetingRow> = adopt.load(&mut &**tx).await?;
    Ok(rows.into_iter().map(shown).collect())
}

statement! {
    Revive { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, version_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE meetings SET state = 'planned', updated_at = $4, version = version + 1
            WHERE partnership_id = $2 AND plan_version_id = $3 AND state = 'cancelled' AND starts_at > $4
           RETURNING *) ",
        view!("made"),
        " ORDER BY m.starts_at"
    )
}

/// Plans again what is still to come of a series and was cancelled when the partnership was paused; gives those.
pub(super) async fn revive(tx: &Tx, of: &Series<'_>, now: Timestamp) -> ApiResult<Vec<Meeting>> {
    let revive = Revive {
        firm_id: of.firm_id,
        partnership_id: of.partnership_id,
        version_id: of.version_id,
        now,
    };
    let rows: Vec<MeetingRow> = revive.load(&mut &**tx).await?;
    Ok(rows.into_iter().map(shown).collect())
}

statement! {
    LayOut<'a> {
        firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, version_id: Uuid => SqlUuid, ids: &'a [Uuid] => Array<SqlUuid>,
        dates: &'a [Date] => Array<SqlDate>, starts: &'a [Timestamp] => Array<Timestamptz>, time_zone: &'a TimeZone => Text,
        length_minutes: i16 => SmallInt, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           INSERT INTO meetings (id, partnership_id, plan_version_id, occurrence_on, first_starts_at, starts_at, time_zone,
                                      length_minutes, state, created_at, updated_at)
           SELECT o.id, $2, $3, o.on_date, o.starts_at, o.starts_at, $7, $8, 'planned', $9, $9
             FROM unnest($4, $5, $6) o(id, on_date, starts_at)
               ON CONFLICT (partnership_id, plan_version_id, occurrence_on) DO NOTHING
           RETURNING *) ",
        view!("made"),
        " ORDER BY m.starts_at"
    )
}

/// Lays out those that are not yet; gives them.
pub(super) async fn lay_out(
    tx: &Tx,
    of: &Series<'_>,
    ids: &[Uuid],
    occurrences: &[(Date, Timestamp)],
    now: Timestamp,
) -> ApiResult<Vec<Meeting>> {
    let (dates, starts): (Vec<Date>, Vec<Timestamp>) = occurrences.iter().copied().unzip();
    let lay_out = LayOut {
        firm_id: of.firm_id,
        partnership_id: of.partnership_id,
        version_id: of.version_id,
        ids,
        dates: &dates,
        starts: &starts,
        time_zone: &of.protocol.time_zone,
        length_minutes: of.protocol.minutes,
        now,
    };
    let rows: Vec<MeetingRow> = lay_out.load(&mut &**tx).await?;
    Ok(rows.into_iter().map(shown).collect())
}

statement! {
    Keep { partnership_id: Uuid => SqlUuid, version_id: Uuid => SqlUuid, until: Date => SqlDate, now: Timestamp => Timestamptz } -> SqlUuid,
    "INSERT INTO meeting_series (partnership_id, plan_version_id, laid_until, laid_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (partnership_id) DO UPDATE
        SET plan_version_id = excluded.plan_version_id, laid_until = excluded.laid_until, laid_at = excluded.laid_at
     RETURNING partnership_id"
}

/// Notes how far a series is laid out.
pub(super) async fn keep(tx: &Tx, of: &Series<'_>, until: Date, now: Timestamp) -> ApiResult<()> {
    let keep = Keep {
        partnership_id: of.partnership_id,
        version_id: of.version_id,
        until,
        now,
    };
    keep.get_result::<Uuid>(&mut &**tx).await?;
    Ok(())
}

statement! {
    Forget { partnership_id: Uuid => SqlUuid } -> SqlUuid,
    "DELETE FROM meeting_series WHERE partnership_id = $1 RETURNING partnership_id"
}

/// Forgets how far a series is laid out.
pub(super) async fn forget(tx: &Tx, partnership_id: Uuid) -> ApiResult<()> {
    let _: Vec<Uuid> = Forget { partnership_id }.load(&mut &**tx).await?;
    Ok(())
}

statement! {
    ListPlanned { partnership_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> SqlUuid,
    "SELECT id FROM meetings WHERE partnership_id = $1 AND state = 'planned' AND starts_at > $2 ORDER BY starts_at, id FOR UPDATE"
}

/// What is still to come.
pub(super) async fn list_planned(
    tx: &Tx,
    partnership_id: Uuid,
    now: Timestamp,
) -> ApiResult<Vec<Uuid>> {
    let list = ListPlanned {
        partnership_id,
        now,
    };
    Ok(list.load(&mut &**tx).await?)
}

statement! {
    ListDates { partnership_id: Uuid => SqlUuid, version_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (SqlDate, SqlUuid),
    "SELECT occurrence_on, id FROM meetings
      WHERE partnership_id = $1 AND plan_version_id = $2 AND state = 'planned' AND starts_at > $3 ORDER BY occurrence_on"
}

/// What is still to come of a series.
pub(super) async fn list_dates(
    tx: &Tx,
    of: &Series<'_>,
    now: Timestamp,
) -> ApiResult<Vec<(Date, Uuid)>> {
    let list = ListDates {
        partnership_id: of.partnership_id,
        version_id: of.version_id,
        now,
    };
    Ok(list.load(&mut &**tx).await?)
}

statement! {
    LockOlder { partnership_id: Uuid => SqlUuid, version_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> SqlUuid,
    "SELECT id FROM meetings
      WHERE partnership_id = $1 AND plan_version_id <> $2 AND state = 'planned' AND first_starts_at > $3 AND starts_at > $3
      ORDER BY starts_at, id FOR UPDATE"
}

statement! {
    /// Of those that are locked: a look in the statement that locks would be as old as the wait for it.
    ListTouched<'a> { ids: &'a [Uuid] => Array<SqlUuid> } -> (SqlUuid, Bool),
    "SELECT m.id, m.version > 1
                  OR EXISTS (SELECT FROM agenda_items i WHERE m.id IN (i.meeting_id, i.carried_from_id, i.resolved_in_id))
                  OR EXISTS (SELECT FROM meeting_outcomes o LEFT JOIN introductions n ON n.id = o.introduction_id
                              WHERE o.meeting_id = m.id AND (o.introduction_id IS NULL OR n.offered_at IS NOT NULL))
       FROM meetings m WHERE m.id = ANY($1)"
}

statement! {
    ListThese<'a> { firm_id: Uuid => SqlUuid, ids: &'a [Uuid] => Array<SqlUuid> } -> Columns,
    concat!(view!("meetings"), " WHERE m.id = ANY($2) ORDER BY m.starts_at, m.id")
}

/// What was and is still to come of other versions than that of the series: those with something on them that both see,
/// and those without. One of a date that is past, moved to a day that is not, stays.
pub(super) async fn list_older(
    tx: &Tx,
    of: &Series<'_>,
    now: Timestamp,
) -> ApiResult<(Vec<Uuid>, Vec<Meeting>)> {
    let lock = LockOlder {
        partnership_id: of.partnership_id,
        version_id: of.version_id,
        now,
    };
    let ids: Vec<Uuid> = lock.load(&mut &**tx).await?;
    if ids.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let judged: Vec<(Uuid, bool)> = ListTouched { ids: &ids }.load(&mut &**tx).await?;
    let (touched, bare): (Vec<_>, Vec<_>) = judged.into_iter().partition(|(_, touched)| *touched);
    let id = |(id, _)| id;
    let bare: Vec<Uuid> = bare.into_iter().map(id).collect();
    let list = ListThese {
        firm_id: of.firm_id,
        ids: &bare,
    };
    let rows: Vec<MeetingRow> = list.load(&mut &**tx).await?;
    let gone = rows.into_iter().map(shown).collect();
    Ok((touched.into_iter().map(id).collect(), gone))
}

statement! {
    Cancel<'a> { firm_id: Uuid => SqlUuid, ids: &'a [Uuid] => Array<SqlUuid>, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE meetings SET state = 'cancelled', updated_at = $3, version = version + 1
            WHERE id = ANY($2) AND state = 'planned' RETURNING *) ",
        view!("made"),
        " ORDER BY m.starts_at, m.id"
    )
}

/// Cancels these, as far as they are planned; gives those that were.
pub(super) async fn cancel(
    tx: &Tx,
    firm_id: Uuid,
    ids: &[Uuid],
    now: Timestamp,
) -> ApiResult<Vec<Meeting>> {
    let rows: Vec<MeetingRow> = Cancel { firm_id, ids, now }.load(&mut &**tx).await?;
    Ok(rows.into_iter().map(shown).collect())
}

statement! {
    Remove { id: Uuid => SqlUuid } -> Integer,
    "DELETE FROM meetings WHERE id = $1 AND state = 'planned' AND version = 1 RETURNING version + 1"
}

/// Removes one on which nothing was written; gives the version that its removal is.
pub(super) async fn remove(tx: &Tx, id: Uuid) -> ApiResult<Option<i32>> {
    let removed = Remove { id }.get_result(&mut &**tx).await;
    Ok(removed.optional()?)
}

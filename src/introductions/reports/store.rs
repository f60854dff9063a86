//! The tables of introductions and their history, as far as reports are corrected and read.

use diesel::prelude::*;
use diesel::sql_types::{
    BigInt, Bool, Date as SqlDate, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::introductions::locking::hold;
use crate::introductions::model::{Direction, Introduction, ReasonCode, Stage, StageRecord};
use crate::introductions::store::{
    Columns, Row, Viewer, introduction, names, shown, view, visible,
};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Currency, Date, Money, Timestamp};
use crate::statement;

/// A stage in the history, as far as a correction needs it.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Report {
    pub version: i32,
    pub stage: Stage,
    pub came_from: Option<Stage>,
    pub reported_by_firm_id: Uuid,
    pub occurred_on: Date,
}

statement! {
    PresentReport { id: Uuid => SqlUuid } -> (Integer, Text, Nullable<Text>, SqlUuid, SqlDate),
    "SELECT s.version, s.stage, s.came_from, coalesce(s.reported_by_firm_id, s.recorded_by_firm_id), s.occurred_on
       FROM introduction_stages s WHERE s.introduction_id = $1 ORDER BY s.version DESC LIMIT 1"
}

/// The report of the present stage, which stays so until the transaction ends.
pub async fn hold_report(tx: &Tx, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Report>> {
    let Some(id) = hold(tx, firm_id, id).await? else {
        return Ok(None);
    };
    Ok(PresentReport { id }
        .get_result(&mut &**tx)
        .await
        .optional()?)
}

statement! {
    FindReport { id: Uuid => SqlUuid, stage: Stage => Text, before: i32 => Integer } -> (Integer, Text, Nullable<Text>, SqlUuid, SqlDate),
    "SELECT s.version, s.stage, s.came_from, coalesce(s.reported_by_firm_id, s.recorded_by_firm_id), s.occurred_on
       FROM introduction_stages s
      WHERE s.introduction_id = $1 AND s.stage = $2 AND s.version < $3 ORDER BY s.version DESC LIMIT 1"
}

/// The report by which an introduction came to a stage before a version.
pub async fn find_report(
    tx: &Tx,
    id: Uuid,
    stage: Stage,
    before: i32,
) -> ApiResult<Option<Report>> {
    Ok(FindReport { id, stage, before }
        .get_result(&mut &**tx)
        .await
        .optional()?)
}

/// What replaces a report.
pub struct Correction<'a> {
    pub id: Uuid,
    pub corrects: i32,
    pub to: Stage,
    pub came_from: Option<Stage>,
    pub reported_by_firm_id: Uuid,
    pub needs_consent: bool,
    pub occurred_on: Date,
    pub reason: Option<ReasonCode>,
    pub reason_note: Option<&'a str>,
    pub realised: Option<&'a Money>,
    pub core_story_id: Option<Uuid>,
    pub correction_reason: &'a str,
}

statement! {
    Correct<'a> {
        firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, principal_id: Uuid => SqlUuid, hour: Timestamp => Timestamptz,
        id: Uuid => SqlUuid, to: Stage => Text, needs_consent: bool => Bool, occurred_on: Date => SqlDate,
        reason: Option<ReasonCode> => Nullable<Text>, reason_note: Option<&'a str> => Nullable<Text>,
        realised_minor: Option<i64> => Nullable<BigInt>, realised_currency: Option<&'a Currency> => Nullable<Text>,
        corrects: i32 => Integer, came_from: Option<Stage> => Nullable<Text>, reported_by_firm_id: Uuid => SqlUuid,
        correction_reason: &'a str => Text, core_story_id: Option<Uuid> => Nullable<SqlUuid>,
    } -> Columns,
    shown!(
        concat!("made AS (
           UPDATE introductions i
              SET stage = $6, occurred_on = $8, reason = $9, reason_note = $10, realised_minor = $11, realised_currency = $12,
                  closed_at = CASE WHEN $6 IN ('engaged', 'not_engaged') THEN $2 END, updated_at = $2, version = i.version + 1,
                  reached = CASE $6 WHEN 'not_engaged' THEN $14 ELSE $6 END,
                  accepted_on = CASE 'accepted' WHEN $6 THEN $8 ELSE i.accepted_on END,
                  introduced_on = CASE 'introduced' WHEN $6 THEN $8 WHEN i.stage THEN NULL ELSE i.introduced_on END,
                  meeting_set_on = CASE 'meeting_set' WHEN $6 THEN $8 WHEN i.stage THEN NULL ELSE i.meeting_set_on END,
                  met_on = CASE 'met' WHEN $6 THEN $8 WHEN i.stage THEN NULL ELSE i.met_on END,
                  engaged_on = CASE 'engaged' WHEN $6 THEN $8 WHEN i.stage THEN NULL ELSE i.engaged_on END,
                  core_story_id = CASE WHEN $6 <> 'accepted' THEN coalesce($17, i.core_story_id) END
            WHERE i.id = $5 AND ", visible!(), "
              AND (NOT $7 OR EXISTS (
                    SELECT FROM consents k
                     WHERE k.client_id = i.client_id AND k.partner_firm_id = i.receiver_firm_id
                       AND k.withdrawn_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2) FOR SHARE))
            RETURNING i.*),
         kept AS (
           INSERT INTO introduction_stages (introduction_id, version, stage, occurred_on, reason, reason_note,
                                            recorded_by_firm_id, recorded_by, recorded_at, came_from,
                                            reported_by_firm_id, corrects, correction_reason)
           SELECT id, version, stage, $8, $9, $10, $1, $3, $2, $14, $15, $13, $16 FROM made), "),
        "made", "", ""
    )
}

/// Replaces the report of the present stage, which is held; `None` when consent is missing.
pub async fn correct(
    tx: &Tx,
    viewer: Viewer,
    correction: &Correction<'_>,
) -> ApiResult<Option<Introduction>> {
    let correct = Correct {
        firm_id: viewer.firm_id,
        now: viewer.now,
        principal_id: viewer.principal_id,
        hour: viewer.hour(),
        id: correction.id,
        to: correction.to,
        needs_consent: correction.needs_consent,
        occurred_on: correction.occurred_on,
        reason: correction.reason,
        reason_note: correction.reason_note,
        realised_minor: correction.realised.map(|money| money.amount_minor),
        realised_currency: correction.realised.map(|money| &money.currency),
        corrects: correction.corrects,
        came_from: correction.came_from,
        reported_by_firm_id: correction.reported_by_firm_id,
        correction_reason: correction.correction_reason,
        core_story_id: correction.core_story_id,
    };
    let row: Option<Row> = correct.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(introduction))
}

statement! {
    SetOutcome<'a> {
        firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, principal_id: Uuid => SqlUuid, hour: Timestamp => Timestamptz,
        id: Uuid => SqlUuid, words: &'a str => Text, rating: Option<i16> => Nullable<SmallInt>,
    } -> Columns,
    shown!(
        "made AS (
           UPDATE introductions SET outcome_words = $6, outcome_rating = $7, outcome_at = $2, updated_at = $2, version = version + 1
            WHERE id = $5 AND receiver_firm_id = $1
              AND EXISTS (SELECT FROM clients c WHERE c.id = client_id AND c.erased_at IS NULL) AND stage IN ('met', 'engaged', 'not_engaged')
            RETURNING *), ",
        "made", "", ""
    )
}

/// Records what became of the client; `None` when it has not come so far.
pub async fn set_outcome(
    tx: &Tx,
    viewer: Viewer,
    id: Uuid,
    (words, rating): (&str, Option<i16>),
) -> ApiResult<Option<Introduction>> {
    hold(tx, viewer.firm_id, id).await?;
    let set = SetOutcome {
        firm_id: viewer.firm_id,
        now: viewer.now,
        principal_id: viewer.principal_id,
        hour: viewer.hour(),
        id,
        words,
        rating,
    };
    let row: Option<Row> = set.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(introduction))
}

#[derive(Debug, Queryable)]
struct StageRow {
    stage: Stage,
    occurred_on: Date,
    reason: Option<ReasonCode>,
    reason_note: Option<String>,
    recorded_by_firm_id: Uuid,
    recorded_by: Option<Uuid>,
    recorded_at: Timestamp,
    version: i32,
    corrects: Option<i32>,
    correction_reason: Option<String>,
}

statement! {
    ListStages { introduction_id: Uuid => SqlUuid, with_drafts: bool => Bool, after: i32 => Integer, rows: i64 => BigInt }
        -> (Text, SqlDate, Nullable<Text>, Nullable<Text>, SqlUuid, Nullable<SqlUuid>, Timestamptz, Integer, Nullable<Integer>, Nullable<Text>),
    "SELECT stage, occurred_on, reason, reason_note, recorded_by_firm_id, recorded_by, recorded_at, version, corrects, correction_reason
       FROM introduction_stages
      WHERE introduction_id = $1 AND ($2 OR stage <> 'draft') AND version > $3 ORDER BY version LIMIT $4"
}

/// The history after a version, oldest first; the receiver's begins with the offer.
pub async fn list_stages(
    conn: &Conn,
    introduction: &Introduction,
    after: Option<i32>,
    rows: i64,
) -> ApiResult<Vec<StageRecord>> {
    let with_drafts = introduction.direction == Direction::Given;
    let list = ListStages {
        introduction_id: introduction.id,
        with_drafts,
        after: after.unwrap_or(0),
        rows,
    };
    let rows: Vec<StageRow> = list.load(&mut &*conn).await?;
    let shown = |row: StageRow| StageRecord {
        stage: row.stage,
        occurred_on: row.occurred_on,
        reason: row.reason,
        reason_note: row.reason_note,
        recorded_by_firm_id: row.recorded_by_firm_id,
        recorded_by: row.recorded_by,
        recorded_at: row.recorded_at,
        version: row.version,
        corrects: row.corrects,
        correction_reason: row.correction_reason,
    };
    Ok(rows.into_iter().map(shown).collect())
}

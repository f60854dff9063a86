//! The tables of introductions and their history, as far as moves along an arrow are written.

use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::introductions::model::{Introduction, ReasonCode, Stage, Verb};
use crate::introductions::store::{
    Columns, Row, Viewer, introduction, names, shown, view, visible,
};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::{Currency, Date, Money, Timestamp};
use crate::statement;

/// What is known of a move along an arrow.
pub struct Step<'a> {
    pub id: Uuid,
    pub verb: Verb,
    pub occurred_on: Date,
    pub reason: Option<ReasonCode>,
    pub reason_note: Option<&'a str>,
    pub realised: Option<&'a Money>,
    pub core_story_id: Option<Uuid>,
    pub expires_at: Option<Timestamp>,
}

statement! {
    Advance<'a> {
        firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, principal_id: Uuid => SqlUuid, hour: Timestamp => Timestamptz,
        id: Uuid => SqlUuid, from: Vec<Stage> => Array<Text>, to: Stage => Text,
        needs_active: bool => Bool, needs_consent: bool => Bool, occurred_on: Date => SqlDate,
        reason: Option<ReasonCode> => Nullable<Text>, reason_note: Option<&'a str> => Nullable<Text>,
        realised_minor: Option<i64> => Nullable<BigInt>, realised_currency: Option<&'a Currency> => Nullable<Text>,
        expires_at: Option<Timestamp> => Nullable<Timestamptz>, core_story_id: Option<Uuid> => Nullable<SqlUuid>,
    } -> Columns,
    shown!(
        // The partnership before the introduction, as its end locks them.
        concat!("active AS (
           SELECT FROM introductions i JOIN partnerships p ON p.id = i.partnership_id
            WHERE i.id = $5 AND $8 AND p.state = 'active' FOR SHARE OF p),
         old AS (
           SELECT i.* FROM introductions i
            WHERE i.id = $5 AND ", visible!(), " AND i.stage = ANY($6) AND (NOT $8 OR EXISTS (SELECT FROM active))
              AND (i.stage <> 'offered' OR $7 = 'withdrawn' OR i.expires_at IS NULL OR i.expires_at > $2) FOR UPDATE),
         made AS (
           UPDATE introductions i
              SET stage = $7, occurred_on = $10, reason = $11, reason_note = $12, realised_minor = coalesce($13, i.realised_minor), realised_currency = coalesce($14, i.realised_currency),
                  offered_at = CASE WHEN $7 = 'offered' THEN $2 ELSE i.offered_at END, expires_at = CASE WHEN $7 = 'offered' THEN $15 ELSE i.expires_at END,
                  answered_at = CASE WHEN $7 IN ('accepted', 'declined') THEN coalesce(i.answered_at, $2) ELSE i.answered_at END,
                  closed_at = CASE WHEN $7 IN ('engaged', 'not_engaged', 'declined', 'withdrawn') THEN $2 END,
                  reached = CASE WHEN $7 IN ('offered', 'accepted', 'introduced', 'meeting_set', 'met', 'engaged') THEN $7 ELSE i.reached END,
                  accepted_on = CASE $7 WHEN 'accepted' THEN $10 ELSE i.accepted_on END, introduced_on = CASE $7 WHEN 'introduced' THEN $10 ELSE i.introduced_on END,
                  meeting_set_on = CASE $7 WHEN 'meeting_set' THEN $10 ELSE i.meeting_set_on END, met_on = CASE $7 WHEN 'met' THEN $10 ELSE i.met_on END,
                  engaged_on = CASE $7 WHEN 'engaged' THEN $10 ELSE i.engaged_on END, core_story_id = coalesce($16, i.core_story_id), updated_at = $2, version = i.version + 1
             FROM old
            WHERE i.id = old.id
              AND (NOT $9 OR EXISTS (
                    SELECT FROM consents k
                     WHERE k.client_id = i.client_id AND k.partner_firm_id = i.receiver_firm_id
                       AND k.withdrawn_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2) FOR SHARE))
            RETURNING i.*),
         kept AS (
           INSERT INTO introduction_stages (introduction_id, version, stage, occurred_on, reason, reason_note,
                                            recorded_by_firm_id, recorded_by, recorded_at, came_from)
           SELECT made.id, made.version, made.stage, $10, $11, $12, $1, $3, $2, old.stage FROM made JOIN old USING (id)), "),
        "made", "", ""
    )
}

/// Moves an introduction along an arrow; `None` when the arrow does not lead from where it stands, the
/// offer has run out, the partnership is not active or consent is missing, as the verb needs them.
pub async fn advance(tx: &Tx, viewer: Viewer, step: &Step<'_>) -> ApiResult<Option<Introduction>> {
    let (from, to) = step.verb.arrow();
    let advance = Advance {
        firm_id: viewer.firm_id,
        now: viewer.now,
        principal_id: viewer.principal_id,
        hour: viewer.hour(),
        id: step.id,
        from: from.to_vec(),
        to,
        needs_active: step.verb.needs_active(),
        needs_consent: step.verb.needs_consent(),
        occurred_on: step.occurred_on,
        reason: step.reason,
        reason_note: step.reason_note,
        realised_minor: step.realised.map(|money| money.amount_minor),
        realised_currency: step.realised.map(|money| &money.currency),
        expires_at: step.expires_at,
        core_story_id: step.core_story_id,
    };
    let row: Option<Row> = advance.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(introduction))
}

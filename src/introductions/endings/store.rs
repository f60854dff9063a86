//! The tables of introductions and their history, as far as introductions end without a verb of theirs.

use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, TimeZone, Timestamp};
use crate::statement;

/// An offer whose time has run out, and the zone of the firm that made it.
#[derive(Debug, Queryable)]
pub struct Due {
    pub id: Uuid,
    pub zone: TimeZone,
}

statement! {
    ListDue { now: Timestamp => Timestamptz, rows: i64 => BigInt } -> (SqlUuid, Text),
    "SELECT i.id, f.time_zone FROM introductions i JOIN firms f ON f.id = i.introducer_firm_id
      WHERE i.stage = 'offered' AND i.expires_at <= $1 ORDER BY i.expires_at LIMIT $2 FOR UPDATE OF i SKIP LOCKED"
}

/// Offers whose time has run out; another replica that looks meanwhile gets others.
pub async fn list_due(tx: &Tx, now: Timestamp, rows: i64) -> ApiResult<Vec<Due>> {
    Ok(ListDue { now, rows }.load(&mut &**tx).await?)
}

statement! {
    Expire<'a> { ids: &'a [Uuid] => Array<SqlUuid>, dates: &'a [Date] => Array<SqlDate>, now: Timestamp => Timestamptz }
        -> (SqlUuid, Integer, SqlUuid, SqlUuid, Bool, SqlUuid),
    "WITH ended AS (
       UPDATE introductions i SET stage = 'expired', occurred_on = due.today, closed_at = $3, updated_at = $3, version = i.version + 1
         FROM unnest($1, $2) due (id, today) WHERE i.id = due.id AND i.stage = 'offered' RETURNING i.*),
     kept AS (
       INSERT INTO introduction_stages (introduction_id, version, stage, occurred_on, recorded_by_firm_id, recorded_by, recorded_at, came_from)
       SELECT id, version, stage, occurred_on, introducer_firm_id, NULL, $3, 'offered' FROM ended)
     SELECT id, version, introducer_firm_id, receiver_firm_id, true, partnership_id FROM ended ORDER BY id"
}

/// Closes offers that nobody answered in time.
pub async fn expire(tx: &Tx, due: &[(Uuid, Date)], now: Timestamp) -> ApiResult<Vec<Ended>> {
    let (ids, dates): (Vec<Uuid>, Vec<Date>) = due.iter().copied().unzip();
    let expire = Expire {
        ids: &ids,
        dates: &dates,
        now,
    };
    Ok(expire.load(&mut &**tx).await?)
}

/// An introduction that ended, or was erased, with what it belongs to.
#[derive(Debug, Queryable)]
pub struct Ended {
    pub id: Uuid,
    pub version: i32,
    pub introducer_firm_id: Uuid,
    pub receiver_firm_id: Uuid,
    pub was_offered: bool,
    pub partnership_id: Uuid,
}

statement! {
    WithdrawOpen {
        partnership_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, actor_id: Uuid => SqlUuid, today: Date => SqlDate, now: Timestamp => Timestamptz,
    } -> (SqlUuid, Integer, SqlUuid, SqlUuid, Bool, SqlUuid),
    "WITH ended AS (
       UPDATE introductions SET stage = 'withdrawn', occurred_on = $4, closed_at = $5, updated_at = $5, version = version + 1
        WHERE partnership_id = $1 AND stage IN ('draft', 'offered') RETURNING *),
     kept AS (
       INSERT INTO introduction_stages (introduction_id, version, stage, occurred_on, recorded_by_firm_id, recorded_by, recorded_at, came_from)
       SELECT id, version, stage, $4, $2, $3, $5, CASE WHEN offered_at IS NULL THEN 'draft' ELSE 'offered' END FROM ended)
     SELECT id, version, introducer_firm_id, receiver_firm_id, offered_at IS NOT NULL, partnership_id FROM ended ORDER BY id"
}

/// Withdraws a partnership's drafts and open offers.
pub async fn withdraw_open(
    tx: &Tx,
    caller: &Caller,
    partnership_id: Uuid,
    today: Date,
    now: Timestamp,
) -> ApiResult<Vec<Ended>> {
    let all = WithdrawOpen {
        partnership_id,
        firm_id: caller.firm_id,
        actor_id: caller.actor_id(),
        today,
        now,
    };
    Ok(all.load(&mut &**tx).await?)
}

statement! {
    /// Closes what is open and takes out every word; what is counted stays.
    EraseClient { client_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, actor_id: Option<Uuid> => Nullable<SqlUuid>, today: Date => SqlDate, now: Timestamp => Timestamptz }
        -> (SqlUuid, Integer, SqlUuid, SqlUuid, Bool, SqlUuid),
    "WITH old AS (SELECT id, stage FROM introductions WHERE client_id = $1 FOR UPDATE),
     erased AS (
       UPDATE introductions i
          SET summary = NULL, reason_note = NULL, outcome_words = CASE WHEN outcome_words IS NOT NULL THEN '[erased]' END,
              stage = CASE WHEN i.closed_at IS NULL THEN 'withdrawn' ELSE i.stage END,
              occurred_on = CASE WHEN i.closed_at IS NULL THEN $4 ELSE i.occurred_on END,
              closed_at = coalesce(i.closed_at, $5), updated_at = $5, version = i.version + 1
         FROM old WHERE i.id = old.id RETURNING i.*),
     unsaid AS (
       UPDATE introduction_stages s
          SET reason_note = NULL, correction_reason = CASE WHEN correction_reason IS NOT NULL THEN '[erased]' END
         FROM old WHERE s.introduction_id = old.id AND (s.reason_note IS NOT NULL OR s.correction_reason IS NOT NULL)),
     nameless AS (DELETE FROM introduction_external_ids x USING old WHERE x.introduction_id = old.id),
     kept AS (
       INSERT INTO introduction_stages (introduction_id, version, stage, occurred_on, recorded_by_firm_id, recorded_by, recorded_at, came_from)
       SELECT e.id, e.version, 'withdrawn', $4, $2, $3, $5, old.stage FROM erased e JOIN old USING (id)
        WHERE old.stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met'))
     SELECT id, version, introducer_firm_id, receiver_firm_id, offered_at IS NOT NULL, partnership_id FROM erased ORDER BY id"
}

/// Takes a client out of its introductions; gives which were touched.
pub async fn erase_client(
    tx: &Tx,
    (client_id, firm_id, actor_id): (Uuid, Uuid, Option<Uuid>),
    today: Date,
    now: Timestamp,
) -> ApiResult<Vec<Ended>> {
    let erase = EraseClient {
        client_id,
        firm_id,
        actor_id,
        today,
        now,
    };
    Ok(erase.load(&mut &**tx).await?)
}

statement! {
    Redact<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz }
        -> (SqlUuid, Integer, SqlUuid, SqlUuid, Bool, SqlUuid),
    "WITH named AS (
       SELECT i.id FROM introductions i
        WHERE $1 IN (i.introducer_firm_id, i.receiver_firm_id)
          AND (i.summary ~* $2 OR i.reason_note ~* $2 OR i.outcome_words ~* $2
               OR EXISTS (SELECT FROM introduction_stages s
                           WHERE s.introduction_id = i.id AND (s.reason_note ~* $2 OR s.correction_reason ~* $2)))),
     unsaid AS (
       UPDATE introduction_stages s
          SET reason_note = regexp_replace(s.reason_note, $2, '[erased]', 'gi'),
              correction_reason = regexp_replace(s.correction_reason, $2, '[erased]', 'gi')
         FROM named WHERE s.introduction_id = named.id),
     made AS (
       UPDATE introductions i
          SET summary = regexp_replace(i.summary, $2, '[erased]', 'gi'), reason_note = regexp_replace(i.reason_note, $2, '[erased]', 'gi'),
              outcome_words = regexp_replace(i.outcome_words, $2, '[erased]', 'gi'), updated_at = $3, version = i.version + 1
         FROM named WHERE i.id = named.id RETURNING i.*)
     SELECT id, version, introducer_firm_id, receiver_firm_id, offered_at IS NOT NULL, partnership_id FROM made ORDER BY id"
}

/// Takes a name out of what was written in a firm's other introductions; gives which were touched.
pub async fn redact(
    tx: &Tx,
    firm_id: Uuid,
    pattern: &str,
    now: Timestamp,
) -> ApiResult<Vec<Ended>> {
    Ok(Redact {
        firm_id,
        pattern,
        now,
    }
    .load(&mut &**tx)
    .await?)
}

//! The table of sessions.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{SESSION_SECONDS, Session};
use crate::platform::auth::{Caller, Role, Who};
use crate::platform::db::schema::{devices, sessions};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Name, Timestamp};
use crate::statement;

/// What a new session is.
#[derive(Debug)]
pub(super) struct NewSession<'a> {
    pub id: Uuid,
    pub member_id: Uuid,
    pub device_id: Uuid,
    pub device_name: Option<&'a Name>,
    pub user_agent: Option<&'a str>,
}

pub(super) async fn insert(tx: &Tx, session: &NewSession<'_>, now: Timestamp) -> ApiResult<()> {
    let row = (
        sessions::id.eq(session.id),
        sessions::member_id.eq(session.member_id),
        sessions::device_id.eq(session.device_id),
        sessions::device_name.eq(session.device_name),
        sessions::user_agent.eq(session.user_agent),
        sessions::rotated_at.eq(now),
        sessions::created_at.eq(now),
        sessions::expires_at.eq(now.plus_seconds(SESSION_SECONDS)),
    );
    diesel::insert_into(sessions::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

statement! {
    FindCaller { id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (SqlUuid, SqlUuid, Text),
    "SELECT m.firm_id, m.id, m.role
       FROM sessions s JOIN members m ON m.id = s.member_id
      WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND m.deactivated_at IS NULL"
}

/// The member who is signed in by a session that still lives.
pub async fn find_caller(conn: &Conn, id: Uuid, now: Timestamp) -> ApiResult<Option<Caller>> {
    let row: Option<(Uuid, Uuid, Role)> = FindCaller { id, now }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(|(firm_id, member_id, role)| Caller {
        firm_id,
        who: Who::Member { member_id, role },
        credential_id: id,
    }))
}

statement! {
    Advance { id: Uuid => SqlUuid, generation: i32 => Integer, now: Timestamp => Timestamptz, expires_at: Timestamp => Timestamptz } -> Integer,
    "UPDATE sessions SET generation = generation + 1, rotated_at = $3, expires_at = $4
      WHERE id = $1 AND generation = $2 AND revoked_at IS NULL AND expires_at > $3
      RETURNING generation"
}

/// Exchanges the refresh token of this generation; `None` when it is not the current one.
pub(super) async fn advance(
    tx: &Tx,
    id: Uuid,
    generation: i32,
    now: Timestamp,
) -> ApiResult<Option<i32>> {
    let expires_at = now.plus_seconds(SESSION_SECONDS);
    Ok(Advance {
        id,
        generation,
        now,
        expires_at,
    }
    .get_result(&mut &**tx)
    .await
    .optional()?)
}

/// A session's generation and when it began, if the session still lives.
pub(super) async fn generation(
    conn: &Conn,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<(i32, Timestamp)>> {
    Ok(sessions::table
        .find(id)
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .select((sessions::generation, sessions::rotated_at))
        .first(&mut &*conn)
        .await
        .optional()?)
}

statement! {
    End { id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (),
    "UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL"
}

pub(super) async fn end(tx: &Tx, id: Uuid, now: Timestamp) -> ApiResult<()> {
    End { id, now }.execute(&mut &**tx).await?;
    Ok(())
}

statement! {
    EndAll { firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> SqlUuid,
    "UPDATE sessions s SET revoked_at = $2 FROM members m
      WHERE m.id = s.member_id AND m.firm_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2
      RETURNING s.id"
}

/// Ends all sessions of a firm's members; gives their ids, to be revoked everywhere.
pub async fn end_all(tx: &Tx, firm_id: Uuid, now: Timestamp) -> ApiResult<Vec<Uuid>> {
    Ok(EndAll { firm_id, now }.load(&mut &**tx).await?)
}

statement! {
    EndOf { member_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (),
    "UPDATE sessions SET revoked_at = $2 WHERE member_id = $1 AND revoked_at IS NULL AND expires_at > $2"
}

/// Ends all sessions of a member.
pub async fn end_of(tx: &Tx, member_id: Uuid, now: Timestamp) -> ApiResult<()> {
    EndOf { member_id, now }.execute(&mut &**tx).await?;
    Ok(())
}

statement! {
    EndOthers { member_id: Uuid => SqlUuid, kept: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (),
    "UPDATE sessions SET revoked_at = $3
      WHERE member_id = $1 AND id <> $2 AND revoked_at IS NULL AND expires_at > $3"
}

/// Ends all sessions of a member but one.
pub(super) async fn end_others(
    tx: &Tx,
    member_id: Uuid,
    kept: Uuid,
    now: Timestamp,
) -> ApiResult<()> {
    let end = EndOthers {
        member_id,
        kept,
        now,
    };
    end.execute(&mut &**tx).await?;
    Ok(())
}

type Columns = (
    SqlUuid,
    Nullable<Text>,
    Nullable<Text>,
    Timestamptz,
    Timestamptz,
    Timestamptz,
    Bool,
);
type Row = (
    Uuid,
    Option<Name>,
    Option<String>,
    Timestamp,
    Timestamp,
    Timestamp,
    bool,
);

/// The live sessions of the member $4 for which this holds, as the one with the id $2 sees them.
macro_rules! live_sessions {
    ($condition:literal) => {
        concat!(
            "SELECT id, device_name, user_agent, created_at, rotated_at, expires_at, id = $2
               FROM sessions
              WHERE member_id = $4 AND revoked_at IS NULL AND expires_at > $3 AND ",
            $condition
        )
    };
}

statement! {
    FindSession { id: Uuid => SqlUuid, current: Uuid => SqlUuid, now: Timestamp => Timestamptz, member_id: Uuid => SqlUuid } -> Columns,
    live_sessions!("id = $1")
}

statement! {
    ListSessions { after: Uuid => SqlUuid, current: Uuid => SqlUuid, now: Timestamp => Timestamptz, member_id: Uuid => SqlUuid, rows: i64 => BigInt } -> Columns,
    live_sessions!("id > $1 ORDER BY id LIMIT $5")
}

fn session(row: Row) -> Session {
    let (id, device, user_agent, created_at, last_used_at, expires_at, is_current) = row;
    Session {
        id,
        device,
        user_agent,
        created_at,
        last_used_at,
        expires_at,
        is_current,
    }
}

/// The live sessions of the member who is signed in by one of them.
pub(super) async fn list(
    conn: &Conn,
    (member_id, current): (Uuid, Uuid),
    now: Timestamp,
    after: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<Session>> {
    let list = ListSessions {
        member_id,
        current,
        now,
        after: after.unwrap_or_default(),
        rows,
    };
    let rows: Vec<Row> = list.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(session).collect())
}

/// A live session of the member who is signed in by one of them.
pub(super) async fn find(
    conn: &Conn,
    (member_id, current): (Uuid, Uuid),
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<Session>> {
    let find = FindSession {
        id,
        current,
        now,
        member_id,
    };
    let row: Option<Row> = find.get_result(&mut &*conn).await.optional()?;
    Ok(row.map(session))
}

/// The device of a member's that has this token.
pub(super) async fn find_device(
    conn: &Conn,
    member_id: Uuid,
    token_digest: &[u8],
) -> ApiResult<Option<Uuid>> {
    Ok(devices::table
        .filter(devices::token_digest.eq(token_digest))
        .filter(devices::member_id.eq(member_id))
        .select(devices::id)
        .first(&mut &*conn)
        .await
        .optional()?)
}

pub(super) async fn has_device(conn: &Conn, member_id: Uuid) -> ApiResult<bool> {
    let known = devices::table.filter(devices::member_id.eq(member_id));
    Ok(diesel::select(diesel::dsl::exists(known))
        .get_result(&mut &*conn)
        .await?)
}

pub(super) async fn insert_device(
    tx: &Tx,
    (id, member_id): (Uuid, Uuid),
    token_digest: &[u8],
    now: Timestamp,
) -> ApiResult<()> {
    let row = (
        devices::id.eq(id),
        devices::member_id.eq(member_id),
        devices::token_digest.eq(token_digest),
        devices::created_at.eq(now),
        devices::last_used_at.eq(now),
    );
    diesel::insert_into(devices::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

statement! {
    UseDevice { id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (),
    "UPDATE devices SET last_used_at = $2 WHERE id = $1"
}

/// Notes that a member signs in on a device; tells whether it is still known.
pub(super) async fn use_device(tx: &Tx, id: Uuid, now: Timestamp) -> ApiResult<bool> {
    Ok(UseDevice { id, now }.execute(&mut &**tx).await? > 0)
}

statement! {
    ForgetDeviceOf { session_id: Uuid => SqlUuid, current: Uuid => SqlUuid } -> (),
    "DELETE FROM devices d USING sessions s
      WHERE s.id = $1 AND d.id = s.device_id
        AND d.id IS DISTINCT FROM (SELECT device_id FROM sessions WHERE id = $2)"
}

/// Forgets the device of a session, unless it is that of the current one.
pub(super) async fn forget_device_of(tx: &Tx, session_id: Uuid, current: Uuid) -> ApiResult<()> {
    let forget = ForgetDeviceOf {
        session_id,
        current,
    };
    forget.execute(&mut &**tx).await?;
    Ok(())
}

statement! {
    ForgetDevices { member_id: Uuid => SqlUuid, kept: Option<Uuid> => Nullable<SqlUuid> } -> (),
    "DELETE FROM devices
      WHERE member_id = $1 AND id IS DISTINCT FROM (SELECT device_id FROM sessions WHERE id = $2)"
}

/// Forgets all devices of a member but that of one session.
pub(super) async fn forget_devices(tx: &Tx, member_id: Uuid, kept: Option<Uuid>) -> ApiResult<()> {
    ForgetDevices { member_id, kept }
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

statement! {
    PurgeDevices { before: Timestamp => Timestamptz } -> (),
    "DELETE FROM devices WHERE last_used_at < $1 AND ctid = ANY(ARRAY(
       SELECT ctid FROM devices WHERE last_used_at < $1 LIMIT 10000))"
}

/// Forgets devices that were last used before an instant, 10,000 at a time; gives how many.
pub async fn purge_devices(tx: &Tx, before: Timestamp) -> ApiResult<usize> {
    Ok(PurgeDevices { before }.execute(&mut &**tx).await?)
}

statement! {
    Purge { before: Timestamp => Timestamptz } -> (),
    "DELETE FROM sessions WHERE (expires_at < $1 OR revoked_at < $1) AND ctid = ANY(ARRAY(
       SELECT ctid FROM sessions WHERE expires_at < $1 OR revoked_at < $1 LIMIT 10000))"
}

/// Removes sessions that ended before an instant, 10,000 at a time; gives how many.
pub async fn purge(tx: &Tx, before: Timestamp) -> ApiResult<usize> {
    Ok(Purge { before }.execute(&mut &**tx).await?)
}

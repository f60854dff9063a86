//! The table of sessions.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::SESSION_SECONDS;
use crate::platform::auth::{Caller, Role, Who};
use crate::platform::db::schema::sessions;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

pub(super) async fn insert(tx: &Tx, id: Uuid, member_id: Uuid, now: Timestamp) -> ApiResult<()> {
    let row = (
        sessions::id.eq(id),
        sessions::member_id.eq(member_id),
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
    Purge { before: Timestamp => Timestamptz } -> (),
    "DELETE FROM sessions WHERE ctid = ANY(ARRAY(
       SELECT ctid FROM sessions WHERE expires_at < $1 OR revoked_at < $1 LIMIT 10000))"
}

/// Removes sessions that ended before an instant, 10,000 at a time; gives how many.
pub async fn purge(tx: &Tx, before: Timestamp) -> ApiResult<usize> {
    Ok(Purge { before }.execute(&mut &**tx).await?)
}

//! The table of notes. Each statement names the firm whose notes they are, but for the one that moves all of them.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::MeetingNote;
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

type Columns = (
    SqlUuid,
    SqlUuid,
    Nullable<Text>,
    Nullable<SqlUuid>,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
    Integer,
);

#[derive(Debug, Queryable)]
struct NoteRow {
    meeting_id: Uuid,
    partnership_id: Uuid,
    body: Option<String>,
    written_by: Option<Uuid>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    version: i32,
}

impl From<NoteRow> for MeetingNote {
    fn from(row: NoteRow) -> Self {
        let NoteRow {
            meeting_id,
            partnership_id,
            body,
            written_by,
            created_at,
            updated_at,
            version,
        } = row;
        Self {
            meeting_id,
            partnership_id,
            body,
            written_by,
            created_at,
            updated_at,
            version,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, meeting_id: Uuid => SqlUuid } -> Columns,
    "SELECT m.id, m.partnership_id, n.body, n.written_by, n.created_at, n.updated_at, coalesce(n.version, 0)
       FROM meetings m
       JOIN partnerships p ON p.id = m.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)
       LEFT JOIN meeting_notes n ON n.meeting_id = m.id AND n.firm_id = $1
      WHERE m.id = $2"
}

/// The firm's note of a meeting; `None` where it does not see the meeting.
pub(super) async fn find(
    conn: &Conn,
    firm_id: Uuid,
    meeting_id: Uuid,
) -> ApiResult<Option<MeetingNote>> {
    let find = Find {
        firm_id,
        meeting_id,
    };
    let row: Option<NoteRow> = find.get_result(&mut &*conn).await.optional()?;
    Ok(row.map(MeetingNote::from))
}

statement! {
    /// What was not there has the version 0, and what is there never has it.
    Write<'a> {
        firm_id: Uuid => SqlUuid, meeting_id: Uuid => SqlUuid, version: i32 => Integer, body: Option<&'a str> => Nullable<Text>,
        written_by: Uuid => SqlUuid, now: Timestamp => Timestamptz, partnership_id: Uuid => SqlUuid,
    } -> Columns,
    "INSERT INTO meeting_notes AS n (meeting_id, firm_id, body, written_by, created_at, updated_at)
     VALUES ($2, $1, $4, $5, $6, $6)
         ON CONFLICT (meeting_id, firm_id) DO UPDATE
        SET body = excluded.body, written_by = excluded.written_by, updated_at = excluded.updated_at, version = n.version + 1
      WHERE n.version = $3
     RETURNING n.meeting_id, $7, n.body, n.written_by, n.created_at, n.updated_at, n.version"
}

/// Writes the caller's note of a meeting over one of this version; `None` when it has another.
pub(super) async fn write(
    tx: &Tx,
    caller: &Caller,
    before: &MeetingNote,
    body: Option<&str>,
    now: Timestamp,
) -> ApiResult<Option<MeetingNote>> {
    let write = Write {
        firm_id: caller.firm_id,
        meeting_id: before.meeting_id,
        version: before.version,
        body,
        written_by: caller.actor_id(),
        now,
        partnership_id: before.partnership_id,
    };
    let row: Option<NoteRow> = write.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(MeetingNote::from))
}

statement! {
    TakeAlong { from_id: Uuid => SqlUuid, to_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> (SqlUuid, Integer),
    "WITH gone AS (DELETE FROM meeting_notes WHERE meeting_id = $1 RETURNING *)
     INSERT INTO meeting_notes AS n (meeting_id, firm_id, body, written_by, created_at, updated_at)
     SELECT $2, g.firm_id, g.body, g.written_by, g.created_at, $3 FROM gone g
         ON CONFLICT (meeting_id, firm_id) DO UPDATE
        SET body = nullif(concat_ws(E'\\n\\n', n.body, excluded.body), ''), updated_at = excluded.updated_at, version = n.version + 1
     RETURNING n.firm_id, n.version"
}

/// Moves all notes of a meeting to another; gives for each firm the version of its note there.
pub async fn take_along(
    tx: &Tx,
    (from_id, to_id): (Uuid, Uuid),
    now: Timestamp,
) -> ApiResult<Vec<(Uuid, i32)>> {
    let take = TakeAlong {
        from_id,
        to_id,
        now,
    };
    Ok(take.load(&mut &**tx).await?)
}

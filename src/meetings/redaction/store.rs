//! The tables of meetings, as far as a person is taken out of them.

use diesel::Queryable;
use diesel::sql_types::{Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// Something from which a person was taken out.
#[derive(Debug, Queryable)]
pub struct Redacted {
    pub id: Uuid,
    pub partnership_id: Uuid,
    pub version: i32,
    pub proposer_firm_id: Uuid,
    pub recipient_firm_id: Uuid,
}

type Columns = (SqlUuid, SqlUuid, Integer, SqlUuid, SqlUuid);

macro_rules! without {
    ($column:literal) => {
        concat!("regexp_replace(", $column, ", $2, '[erased]', 'gi')")
    };
}

statement! {
    RedactMeetings<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "UPDATE meetings m SET moved_reason = ", without!("m.moved_reason"), ", skipped_reason = ", without!("m.skipped_reason"),
        ", minutes_text = ", without!("m.minutes_text"), ", updated_at = $3, version = m.version + 1
           FROM partnerships p
          WHERE p.id = m.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)
            AND concat_ws(' ', m.moved_reason, m.skipped_reason, m.minutes_text) ~* $2
         RETURNING m.id, m.partnership_id, m.version, p.proposer_firm_id, p.recipient_firm_id"
    )
}

pub(super) async fn redact_meetings(
    tx: &Tx,
    firm_id: Uuid,
    pattern: &str,
    now: Timestamp,
) -> ApiResult<Vec<Redacted>> {
    let redact = RedactMeetings {
        firm_id,
        pattern,
        now,
    };
    Ok(redact.load(&mut &**tx).await?)
}

statement! {
    RedactItems<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "UPDATE agenda_items i SET title = ", without!("i.title"), ", detail = ", without!("i.detail"),
        ", resolution = ", without!("i.resolution"), ", updated_at = $3, version = i.version + 1
           FROM partnerships p
          WHERE p.id = i.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)
            AND concat_ws(' ', i.title, i.detail, i.resolution) ~* $2
         RETURNING i.id, i.partnership_id, i.version, p.proposer_firm_id, p.recipient_firm_id"
    )
}

pub(super) async fn redact_items(
    tx: &Tx,
    firm_id: Uuid,
    pattern: &str,
    now: Timestamp,
) -> ApiResult<Vec<Redacted>> {
    let redact = RedactItems {
        firm_id,
        pattern,
        now,
    };
    Ok(redact.load(&mut &**tx).await?)
}

statement! {
    RedactNotes<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "UPDATE meeting_notes n SET body = ", without!("n.body"), ", updated_at = $3, version = n.version + 1
           FROM meetings m JOIN partnerships p ON p.id = m.partnership_id
          WHERE m.id = n.meeting_id AND n.firm_id = $1 AND n.body ~* $2
         RETURNING n.meeting_id, m.partnership_id, n.version, p.proposer_firm_id, p.recipient_firm_id"
    )
}

pub(super) async fn redact_notes(
    tx: &Tx,
    firm_id: Uuid,
    pattern: &str,
    now: Timestamp,
) -> ApiResult<Vec<Redacted>> {
    let redact = RedactNotes {
        firm_id,
        pattern,
        now,
    };
    Ok(redact.load(&mut &**tx).await?)
}

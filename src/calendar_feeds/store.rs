//! The table of calendar feeds, and what they show.

use diesel::prelude::*;
use diesel::sql_types::{
    Binary, Bool, Date as SqlDate, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::action_steps::{StepKind, StepState};
use crate::meetings::MeetingState;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Name, Timestamp};
use crate::statement;

statement! {
    Find { member_id: Uuid => SqlUuid } -> Timestamptz,
    "SELECT created_at FROM calendar_feeds WHERE member_id = $1"
}

/// When a member's feed was made; `None` where there is none.
pub(super) async fn find(conn: &Conn, member_id: Uuid) -> ApiResult<Option<Timestamp>> {
    let find = Find { member_id };
    Ok(find.get_result(&mut &*conn).await.optional()?)
}

statement! {
    Replace<'a> { firm_id: Uuid => SqlUuid, member_id: Uuid => SqlUuid, digest: &'a [u8] => Binary, now: Timestamp => Timestamptz } -> Bool,
    "INSERT INTO calendar_feeds (firm_id, member_id, secret_digest, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (member_id) DO UPDATE SET secret_digest = $3, created_at = $4 RETURNING true"
}

/// Keeps the digest of a feed's secret, in the place of one that was.
pub(super) async fn replace(
    tx: &Tx,
    (firm_id, member_id): (Uuid, Uuid),
    digest: &[u8],
    now: Timestamp,
) -> ApiResult<()> {
    let replace = Replace {
        firm_id,
        member_id,
        digest,
        now,
    };
    let _kept: bool = replace.get_result(&mut &**tx).await?;
    Ok(())
}

statement! {
    Remove { member_id: Uuid => SqlUuid } -> Bool,
    "DELETE FROM calendar_feeds WHERE member_id = $1 RETURNING true"
}

/// Removes a member's feed; says whether there was one.
pub(super) async fn remove(tx: &Tx, member_id: Uuid) -> ApiResult<bool> {
    let removed: Option<bool> = Remove { member_id }
        .get_result(&mut &**tx)
        .await
        .optional()?;
    Ok(removed.is_some())
}

/// A conversation of a partnership that the member leads.
#[derive(Clone, Debug, Queryable)]
pub struct Conversation {
    pub id: Uuid,
    pub version: i32,
    pub updated_at: Timestamp,
    pub state: MeetingState,
    pub starts_at: Timestamp,
    pub length_minutes: i16,
    pub partner_name: Name,
}

/// A step that the member owes, owed, or was to owe.
#[derive(Clone, Debug, Queryable)]
pub struct DueStep {
    pub id: Uuid,
    pub version: i32,
    pub updated_at: Timestamp,
    pub state: StepState,
    pub kind: StepKind,
    pub due_on: Date,
    pub partner_name: Name,
    pub reference: Option<String>,
}

/// What a feed shows.
#[derive(Clone, Debug)]
pub struct Found {
    pub conversations: Vec<Conversation>,
    pub steps: Vec<DueStep>,
}

/// The member whose feed has the digest `$1`, and the partnerships of her firm, each with whether she leads it.
macro_rules! partnerships {
    () => {
        "(SELECT c.member_id, c.firm_id, p.id, p.recipient_firm_id AS partner_id, p.proposer_lead_id = c.member_id AS leads
            FROM calendar_feeds c JOIN members m ON m.id = c.member_id AND m.deactivated_at IS NULL
            JOIN partnerships p ON p.proposer_firm_id = c.firm_id AND p.recipient_firm_id IS NOT NULL
           WHERE c.secret_digest = $1
           UNION ALL
          SELECT c.member_id, c.firm_id, p.id, p.proposer_firm_id, p.recipient_lead_id = c.member_id
            FROM calendar_feeds c JOIN members m ON m.id = c.member_id AND m.deactivated_at IS NULL
            JOIN partnerships p ON p.recipient_firm_id = c.firm_id
           WHERE c.secret_digest = $1)"
    };
}

statement! {
    IsThere<'a> { digest: &'a [u8] => Binary } -> Bool,
    "SELECT true FROM calendar_feeds c JOIN members m ON m.id = c.member_id AND m.deactivated_at IS NULL WHERE c.secret_digest = $1"
}

statement! {
    ListConversations<'a> { digest: &'a [u8] => Binary, from: Timestamp => Timestamptz, to: Timestamp => Timestamptz }
        -> (SqlUuid, Integer, Timestamptz, Text, Timestamptz, SmallInt, Text),
    concat!(
        "SELECT g.id, g.version, g.updated_at, g.state, g.starts_at, g.length_minutes, f.name
           FROM ", partnerships!(), " p
           JOIN meetings g ON g.partnership_id = p.id AND g.starts_at >= $2 AND g.starts_at < $3
           JOIN firms f ON f.id = p.partner_id
          WHERE p.leads ORDER BY g.starts_at, g.id"
    )
}

statement! {
    ListSteps<'a> { digest: &'a [u8] => Binary, from: Timestamp => Timestamptz, to: Timestamp => Timestamptz }
        -> (SqlUuid, Integer, Timestamptz, Text, Text, SqlDate, Text, Nullable<Text>),
    concat!(
        "SELECT s.id, s.version, s.updated_at, s.state, s.kind, s.due_on, f.name, i.reference
           FROM ", partnerships!(), " p
           JOIN action_steps s ON s.partnership_id = p.id AND s.owner_firm_id = p.firm_id
                              AND (s.owner_member_id = p.member_id OR (p.leads AND (s.owner_member_id IS NULL OR EXISTS (
                                    SELECT FROM members l WHERE l.id = s.owner_member_id AND l.deactivated_at IS NOT NULL))))
                              AND s.state <> 'proposed' AND s.promised_on IS NOT NULL
                              AND s.due_on >= ($2 AT TIME ZONE 'UTC')::date AND s.due_on < ($3 AT TIME ZONE 'UTC')::date
           JOIN firms f ON f.id = p.partner_id
           LEFT JOIN introductions i ON i.id = s.introduction_id
                                    AND (i.introducer_firm_id = p.firm_id OR i.offered_at IS NOT NULL)
          ORDER BY s.due_on, s.id"
    )
}

/// What a feed with this digest shows from one instant to another; `None` where there is none.
pub(super) async fn read(
    conn: &Conn,
    digest: &[u8],
    (from, to): (Timestamp, Timestamp),
) -> ApiResult<Option<Found>> {
    let conversations = ListConversations { digest, from, to };
    let steps = ListSteps { digest, from, to };
    // Sent together, they take one round trip.
    let (mut one, mut other, mut third) = (conn, conn, conn);
    let (there, conversations, steps) = futures_util::try_join!(
        IsThere { digest }.load::<bool>(&mut one),
        conversations.load::<Conversation>(&mut other),
        steps.load::<DueStep>(&mut third)
    )?;
    let found = Found {
        conversations,
        steps,
    };
    Ok((!there.is_empty()).then_some(found))
}

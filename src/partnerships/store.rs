//! The tables of partnerships and invitations.

use diesel::prelude::*;
use diesel::sql_types::{
    BigInt, Binary, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Partnership, PartnershipSide, PartyView, Verb};
use crate::members::Member;
use crate::parties::PartnershipState;
use crate::platform::db::schema::{invitations, partnerships};
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{EmailAddress, Name, Timestamp};
use crate::statement;

/// Two leads have one open partnership.
pub(super) const LEADS_KEY: &str = "partnerships_leads_key";

/// The columns of a partnership, for the firm whose id is `$1`.
macro_rules! view {
    ($source:literal) => {
        concat!(
            "SELECT p.id, p.state, p.proposer_firm_id = $1,
                    p.proposer_firm_id, pf.name, p.proposer_lead_id, pm.name,
                    p.recipient_firm_id, rf.name, p.recipient_lead_id, rm.name,
                    p.recipient_email, p.message, p.reason, p.paused_by_firm_id, p.paused_at, p.ended_by_firm_id,
                    p.answered_at, p.closed_at, p.created_at, p.updated_at, p.version
               FROM ",
            $source,
            " p
               JOIN firms pf ON pf.id = p.proposer_firm_id
               JOIN members pm ON pm.id = p.proposer_lead_id
               LEFT JOIN firms rf ON rf.id = p.recipient_firm_id
               LEFT JOIN members rm ON rm.id = p.recipient_lead_id"
        )
    };
}

type Columns = (
    SqlUuid,
    Text,
    Bool,
    SqlUuid,
    Text,
    SqlUuid,
    Text,
    Nullable<SqlUuid>,
    Nullable<Text>,
    Nullable<SqlUuid>,
    Nullable<Text>,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<SqlUuid>,
    Nullable<Timestamptz>,
    Nullable<SqlUuid>,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
    Timestamptz,
    Timestamptz,
    Integer,
);

#[derive(Debug, Queryable)]
struct PartnershipRow {
    id: Uuid,
    state: PartnershipState,
    is_proposer: bool,
    proposer_firm_id: Uuid,
    proposer_firm_name: Name,
    proposer_lead_id: Uuid,
    proposer_lead_name: Name,
    recipient_firm_id: Option<Uuid>,
    recipient_firm_name: Option<Name>,
    recipient_lead_id: Option<Uuid>,
    recipient_lead_name: Option<Name>,
    recipient_email: EmailAddress,
    message: Option<String>,
    reason: Option<String>,
    paused_by_firm_id: Option<Uuid>,
    paused_at: Option<Timestamp>,
    ended_by_firm_id: Option<Uuid>,
    answered_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

impl From<PartnershipRow> for Partnership {
    fn from(row: PartnershipRow) -> Self {
        let proposer = PartyView {
            firm_id: row.proposer_firm_id,
            firm_name: row.proposer_firm_name,
            lead_id: row.proposer_lead_id,
            lead_name: row.proposer_lead_name,
        };
        let recipient = row
            .recipient_firm_id
            .zip(row.recipient_firm_name)
            .zip(row.recipient_lead_id.zip(row.recipient_lead_name));
        let recipient = recipient.map(|((firm_id, firm_name), (lead_id, lead_name))| PartyView {
            firm_id,
            firm_name,
            lead_id,
            lead_name,
        });
        // Until the recipient has accepted, the proposer can't tell whether the address has an account.
        let joined = matches!(
            row.state,
            PartnershipState::Exploring
                | PartnershipState::Active
                | PartnershipState::Paused
                | PartnershipState::Ended
        );
        let (side, us, them) = match recipient {
            Some(recipient) if !row.is_proposer => {
                (PartnershipSide::Recipient, recipient, Some(proposer))
            }
            recipient => (
                PartnershipSide::Proposer,
                proposer,
                recipient.filter(|_| joined),
            ),
        };
        Self {
            id: row.id,
            state: row.state,
            side,
            us,
            them,
            recipient_email: row.is_proposer.then_some(row.recipient_email),
            message: row.message,
            reason: row.reason,
            paused_by_firm_id: row.paused_by_firm_id,
            paused_at: row.paused_at,
            ended_by_firm_id: row.ended_by_firm_id,
            answered_at: row.answered_at,
            closed_at: row.closed_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(view!("partnerships"), " WHERE p.id = $2 AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)")
}

pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Partnership>> {
    let row: Option<PartnershipRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(Partnership::from))
}

/// Which partnerships.
pub(super) struct ListFilter {
    pub state: Option<PartnershipState>,
    pub after: Option<Uuid>,
    pub rows: i64,
}

/// Newest first.
pub(super) async fn list(
    conn: &Conn,
    firm_id: Uuid,
    filter: ListFilter,
) -> ApiResult<Vec<Partnership>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(firm_id));
    let state = filter.state.map(|state| Bind::Text(state.to_string()));
    let also = query.also([
        ("p.state =", state),
        ("p.id <", filter.after.map(Bind::Uuid)),
    ]);
    let rows = query.bind(Bind::Count(filter.rows));
    let query = query
        .sql(view!("partnerships"))
        .sql(" WHERE $1 IN (p.proposer_firm_id, p.recipient_firm_id)")
        .sql(&also)
        .sql(&format!(" ORDER BY p.id DESC LIMIT {rows}"));
    let rows: Vec<PartnershipRow> = query.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(Partnership::from).collect())
}

/// What is proposed.
pub(super) struct Proposal<'a> {
    pub id: Uuid,
    pub firm_id: Uuid,
    pub lead_id: Uuid,
    pub email: &'a EmailAddress,
    pub recipient: Option<&'a Member>,
    pub message: Option<&'a str>,
}

statement! {
    CountSince<'a> { firm_id: Uuid => SqlUuid, email: &'a EmailAddress => Text, since: Timestamp => Timestamptz } -> BigInt,
    "SELECT count(*) FROM partnerships WHERE proposer_firm_id = $1 AND recipient_email = $2 AND created_at > $3"
}

/// How often a firm has proposed to an address since an instant.
pub(super) async fn count_since(
    tx: &Tx,
    firm_id: Uuid,
    email: &EmailAddress,
    since: Timestamp,
) -> ApiResult<i64> {
    let count = CountSince {
        firm_id,
        email,
        since,
    };
    Ok(count.get_result(&mut &**tx).await?)
}

pub(super) async fn insert(tx: &Tx, proposal: &Proposal<'_>, now: Timestamp) -> ApiResult<()> {
    let row = (
        partnerships::id.eq(proposal.id),
        partnerships::state.eq(PartnershipState::Proposed),
        partnerships::proposer_firm_id.eq(proposal.firm_id),
        partnerships::proposer_lead_id.eq(proposal.lead_id),
        partnerships::recipient_firm_id.eq(proposal.recipient.map(|member| member.firm_id)),
        partnerships::recipient_lead_id.eq(proposal.recipient.map(|member| member.id)),
        partnerships::recipient_email.eq(proposal.email),
        partnerships::message.eq(proposal.message),
        partnerships::created_at.eq(now),
        partnerships::updated_at.eq(now),
    );
    diesel::insert_into(partnerships::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

statement! {
    Move<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, from: Vec<PartnershipState> => diesel::sql_types::Array<Text>,
        to: PartnershipState => Text, reason: Option<&'a str> => Nullable<Text>, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH moved AS (
           UPDATE partnerships SET state = $4, reason = CASE WHEN $4 = 'active' THEN NULL ELSE coalesce($5, reason) END,
                  updated_at = $6, version = version + 1,
                  paused_at = CASE WHEN $4 = 'paused' THEN $6 END, paused_by_firm_id = CASE WHEN $4 = 'paused' THEN $1 END,
                  answered_at = CASE WHEN $4 IN ('exploring', 'declined') THEN $6 ELSE answered_at END,
                  closed_at = CASE WHEN $4 IN ('declined', 'withdrawn', 'ended') THEN $6 END,
                  ended_by_firm_id = CASE WHEN $4 = 'ended' THEN $1 END
            WHERE id = $2 AND $1 IN (proposer_firm_id, recipient_firm_id) AND state = ANY($3)
            RETURNING *) ",
        view!("moved")
    )
}

/// Moves a partnership along an arrow; `None` when it is not in a state from which the arrow leads.
pub(super) async fn advance(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    verb: Verb,
    reason: Option<&str>,
    now: Timestamp,
) -> ApiResult<Option<Partnership>> {
    let (from, to) = verb.arrow();
    let row: Option<PartnershipRow> = Move {
        firm_id,
        id,
        from: from.to_vec(),
        to,
        reason,
        now,
    }
    .get_result(&mut &**tx)
    .await
    .optional()?;
    Ok(row.map(Partnership::from))
}

statement! {
    Crossed { firm_id: Uuid => SqlUuid, lead_id: Uuid => SqlUuid, other_lead_id: Uuid => SqlUuid } -> Columns,
    concat!(
        view!("partnerships"),
        " WHERE p.recipient_firm_id = $1 AND p.recipient_lead_id = $2 AND p.proposer_lead_id = $3 AND p.state = 'proposed'"
    )
}

/// The open proposal that the other lead has made to this one.
pub(super) async fn find_crossed(
    conn: &Conn,
    firm_id: Uuid,
    lead_id: Uuid,
    other_lead_id: Uuid,
) -> ApiResult<Option<Partnership>> {
    let row: Option<PartnershipRow> = Crossed {
        firm_id,
        lead_id,
        other_lead_id,
    }
    .get_result(&mut &*conn)
    .await
    .optional()?;
    Ok(row.map(Partnership::from))
}

statement! {
    HandOver { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, lead_id: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "WITH moved AS (
           UPDATE partnerships
              SET proposer_lead_id = CASE WHEN proposer_firm_id = $1 THEN $3 ELSE proposer_lead_id END,
                  recipient_lead_id = CASE WHEN recipient_firm_id = $1 THEN $3 ELSE recipient_lead_id END,
                  updated_at = $4, version = version + 1
            WHERE id = $2 AND $1 IN (proposer_firm_id, recipient_firm_id)
              AND (state IN ('exploring', 'active', 'paused') OR (state = 'proposed' AND proposer_firm_id = $1))
            RETURNING *) ",
        view!("moved")
    )
}

/// Gives a party another lead; `None` when it has none to give up, see [`super::policy::can_hand_over`].
pub(super) async fn hand_over(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    lead_id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<Partnership>> {
    let row: Option<PartnershipRow> = HandOver {
        firm_id,
        id,
        lead_id,
        now,
    }
    .get_result(&mut &**tx)
    .await
    .optional()?;
    Ok(row.map(Partnership::from))
}

statement! {
    LockOpen { firm_id: Uuid => SqlUuid } -> SqlUuid,
    "SELECT id FROM partnerships
      WHERE $1 IN (proposer_firm_id, recipient_firm_id) AND state IN ('proposed', 'exploring', 'active', 'paused')
      ORDER BY id FOR UPDATE"
}

/// The ids of a firm's open partnerships and proposals, which stay as they are until the transaction
/// ends.
pub(super) async fn lock_open(tx: &Tx, firm_id: Uuid) -> ApiResult<Vec<Uuid>> {
    Ok(LockOpen { firm_id }.load(&mut &**tx).await?)
}

/// A proposal that nobody answered in time.
pub(super) struct Expired {
    pub id: Uuid,
    pub version: i32,
    pub firms: Vec<Uuid>,
}

statement! {
    Expire { before: Timestamp => Timestamptz, now: Timestamp => Timestamptz } -> (SqlUuid, Integer, SqlUuid, Nullable<SqlUuid>),
    "UPDATE partnerships SET state = 'expired', closed_at = $2, updated_at = $2, version = version + 1
      WHERE state = 'proposed' AND id = ANY(ARRAY(
              SELECT id FROM partnerships WHERE state = 'proposed' AND created_at <= $1
               ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED))
      RETURNING id, version, proposer_firm_id, recipient_firm_id"
}

/// Lets up to a hundred proposals expire that were made at an instant or before. Those at which another
/// replica works are left to it.
pub(super) async fn expire(tx: &Tx, before: Timestamp, now: Timestamp) -> ApiResult<Vec<Expired>> {
    let rows: Vec<(Uuid, i32, Uuid, Option<Uuid>)> =
        Expire { before, now }.load(&mut &**tx).await?;
    let expired = |(id, version, proposer, recipient)| Expired {
        id,
        version,
        firms: std::iter::once(proposer).chain(recipient).collect(),
    };
    Ok(rows.into_iter().map(expired).collect())
}

/// The recipient, whom the proposer does not see yet.
pub(super) async fn recipient(conn: &Conn, id: Uuid) -> ApiResult<Option<Uuid>> {
    Ok(partnerships::table
        .find(id)
        .select(partnerships::recipient_firm_id)
        .first(&mut &*conn)
        .await?)
}

pub(super) async fn insert_invitation(
    tx: &Tx,
    (id, partnership_id): (Uuid, Uuid),
    email: &EmailAddress,
    token_digest: &[u8],
    (now, expires_at): (Timestamp, Timestamp),
) -> ApiResult<()> {
    let row = (
        invitations::id.eq(id),
        invitations::partnership_id.eq(partnership_id),
        invitations::email.eq(email),
        invitations::token_digest.eq(token_digest),
        invitations::created_at.eq(now),
        invitations::expires_at.eq(expires_at),
    );
    diesel::insert_into(invitations::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

statement! {
    UseInvitation<'a> { token_digest: &'a [u8] => Binary, now: Timestamp => Timestamptz } -> Text,
    "UPDATE invitations SET used_at = $2
      WHERE token_digest = $1 AND used_at IS NULL AND expires_at > $2
      RETURNING email"
}

/// Uses an invitation up; gives the address that it was sent to.
pub(super) async fn use_invitation(
    tx: &Tx,
    token_digest: &[u8],
    now: Timestamp,
) -> ApiResult<Option<EmailAddress>> {
    Ok(UseInvitation { token_digest, now }
        .get_result(&mut &**tx)
        .await
        .optional()?)
}

/// The address that an invitation which can still be used was sent to.
pub(super) async fn find_invited(
    conn: &Conn,
    token_digest: &[u8],
    now: Timestamp,
) -> ApiResult<Option<EmailAddress>> {
    Ok(invitations::table
        .filter(invitations::token_digest.eq(token_digest))
        .filter(invitations::used_at.is_null())
        .filter(invitations::expires_at.gt(now))
        .select(invitations::email)
        .first(&mut &*conn)
        .await
        .optional()?)
}

statement! {
    Join<'a> { email: &'a EmailAddress => Text, firm_id: Uuid => SqlUuid, lead_id: Uuid => SqlUuid } -> (SqlUuid, Integer),
    "UPDATE partnerships p SET recipient_firm_id = $2, recipient_lead_id = $3
      WHERE p.recipient_email = $1 AND p.state = 'proposed' AND p.recipient_firm_id IS NULL AND p.proposer_firm_id <> $2
        AND NOT EXISTS (
              SELECT FROM partnerships o
               WHERE o.state IN ('proposed', 'exploring', 'active', 'paused')
                 AND least(o.proposer_lead_id, o.recipient_lead_id) = least(p.proposer_lead_id, $3)
                 AND greatest(o.proposer_lead_id, o.recipient_lead_id) = greatest(p.proposer_lead_id, $3)
                 AND o.recipient_lead_id IS NOT NULL)
      RETURNING p.id, p.version"
}

/// Puts the recipient into every proposal to an address; gives them with their versions. Nothing
/// changes for the proposers, the version included. Where the two leads have met in the meantime by a
/// proposal of the other's, the older one is left to expire: they have one partnership.
pub(super) async fn join(
    tx: &Tx,
    email: &EmailAddress,
    lead: &Member,
) -> ApiResult<Vec<(Uuid, i32)>> {
    let (firm_id, lead_id) = (lead.firm_id, lead.id);
    Ok(Join {
        email,
        firm_id,
        lead_id,
    }
    .load(&mut &**tx)
    .await?)
}

statement! {
    PurgeInvitations { before: Timestamp => Timestamptz } -> (),
    "DELETE FROM invitations WHERE expires_at < $1 AND id = ANY(ARRAY(
       SELECT id FROM invitations WHERE expires_at < $1 LIMIT 10000))"
}

/// Forgets invitations that had expired before an instant, used or not, 10,000 at a time; gives how many.
pub async fn purge_invitations(tx: &Tx, before: Timestamp) -> ApiResult<usize> {
    Ok(PurgeInvitations { before }.execute(&mut &**tx).await?)
}

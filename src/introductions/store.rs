//! The tables of introductions, their external ids and their history.

use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Integer, Jsonb, Nullable, Text, Timestamptz,
    Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{
    Direction, IntroducedClient, Introduction, ReasonCode, Stage, StageRecord, Verb,
};
use crate::platform::auth::Caller;
use crate::platform::db::columns::{ExternalIds, RawJson};
use crate::platform::db::schema::introduction_external_ids;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{
    Currency, Date, EmailAddress, ExternalId, Money, Name, SystemName, Timestamp,
};
use crate::statement;

/// Two open introductions of one client to one firm.
pub(super) const OPEN_KEY: &str = "introductions_open_key";
/// Two introductions with one external id.
pub(super) const EXTERNAL_ID_KEY: &str = "introduction_external_ids_pkey";

/// The columns of an introduction, for the firm `$1` at the instant `$2`.
///
/// Here the seal is kept: what the receiver may not know is not selected. Figures and traits are for
/// weighing an offer, so they go too once it came to nothing.
macro_rules! view {
    ($source:expr) => {
        concat!(
            "SELECT i.id, i.reference, i.partnership_id, i.introducer_firm_id = $1,
                    CASE WHEN i.introducer_firm_id = $1 THEN i.receiver_firm_id ELSE i.introducer_firm_id END,
                    i.stage, i.client_id, seal.open,
                    CASE WHEN seal.open THEN c.name END, CASE WHEN seal.open THEN c.email END,
                    CASE WHEN seal.open THEN c.phone END, CASE WHEN seal.open THEN c.notes END,
                    CASE WHEN told.it THEN c.attributes ELSE '{}'::jsonb END,
                    CASE WHEN told.it THEN c.traits ELSE '{}'::text[] END,
                    k.client_id IS NOT NULL,
                    i.summary, i.expected_minor, i.expected_currency, i.realised_minor, i.realised_currency,
                    i.reason, i.reason_note, i.occurred_on, i.offered_at, i.answered_at, i.closed_at,
                    ARRAY(SELECT x.system || '=' || x.external_id FROM introduction_external_ids x
                           WHERE x.introduction_id = i.id AND x.firm_id = $1),
                    i.created_at, i.updated_at, i.version
               FROM ", $source, " i
               JOIN clients c ON c.id = i.client_id
               LEFT JOIN consents k ON k.client_id = i.client_id AND k.partner_firm_id = i.receiver_firm_id
                     AND k.withdrawn_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2)
              CROSS JOIN LATERAL (SELECT i.introducer_firm_id = $1
                     OR (k.client_id IS NOT NULL AND i.stage IN
                         ('accepted', 'introduced', 'meeting_set', 'met', 'engaged', 'not_engaged')) AS open) seal
              CROSS JOIN LATERAL (SELECT i.introducer_firm_id = $1
                     OR i.stage NOT IN ('declined', 'withdrawn', 'expired') AS it) told"
        )
    };
}

/// What the firm `$1` may see: its own, and what it was offered.
macro_rules! visible {
    () => {
        "(i.introducer_firm_id = $1 OR (i.receiver_firm_id = $1 AND i.offered_at IS NOT NULL))"
    };
}

type Columns = (
    SqlUuid,
    Text,
    SqlUuid,
    Bool,
    SqlUuid,
    Text,
    SqlUuid,
    Bool,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Jsonb,
    Array<Text>,
    Bool,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<SqlDate>,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
    Array<Text>,
    Timestamptz,
    Timestamptz,
    Integer,
);

#[derive(Debug, Queryable)]
struct IntroductionRow {
    id: Uuid,
    reference: String,
    partnership_id: Uuid,
    is_given: bool,
    partner_firm_id: Uuid,
    stage: Stage,
    client_id: Uuid,
    is_open: bool,
    name: Option<Name>,
    email: Option<EmailAddress>,
    phone: Option<String>,
    notes: Option<String>,
    attributes: RawJson,
    traits: Vec<String>,
    has_consent: bool,
    summary: Option<String>,
    expected_minor: Option<i64>,
    expected_currency: Option<Currency>,
    realised_minor: Option<i64>,
    realised_currency: Option<Currency>,
    reason: Option<ReasonCode>,
    reason_note: Option<String>,
    occurred_on: Option<Date>,
    offered_at: Option<Timestamp>,
    answered_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    external_ids: ExternalIds,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

impl From<IntroductionRow> for Introduction {
    fn from(row: IntroductionRow) -> Self {
        let client = IntroducedClient {
            id: row.is_given.then_some(row.client_id),
            sealed: !row.is_open,
            name: row.name,
            email: row.email,
            phone: row.phone,
            notes: row.notes,
            attributes: row.attributes,
            traits: row.traits,
        };
        Self {
            id: row.id,
            reference: row.reference,
            partnership_id: row.partnership_id,
            direction: if row.is_given {
                Direction::Given
            } else {
                Direction::Received
            },
            stage: row.stage,
            client,
            has_consent: row.has_consent,
            summary: row.summary,
            expected_value: Money::from_columns(row.expected_minor, row.expected_currency),
            realised_value: Money::from_columns(row.realised_minor, row.realised_currency),
            reason: row.reason,
            reason_note: row.reason_note,
            occurred_on: row.occurred_on,
            offered_at: row.offered_at,
            answered_at: row.answered_at,
            closed_at: row.closed_at,
            external_ids: row.external_ids,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
            partner_firm_id: row.partner_firm_id,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, id: Uuid => SqlUuid } -> Columns,
    concat!(view!("introductions"), " WHERE i.id = $3 AND ", visible!())
}

pub(super) async fn find(
    conn: &Conn,
    firm_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<Introduction>> {
    let row: Option<IntroductionRow> = Find { firm_id, now, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(Introduction::from))
}

statement! {
    FindByExternalId<'a> {
        firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, system: &'a SystemName => Text, external_id: &'a ExternalId => Text,
    } -> Columns,
    concat!(view!("introductions"),
        " WHERE i.id = (SELECT e.introduction_id FROM introduction_external_ids e
                         WHERE e.firm_id = $1 AND e.system = $3 AND e.external_id = $4) AND ", visible!())
}

/// Which introductions.
#[derive(Clone, Debug)]
pub(super) struct ListFilter {
    pub partnership_id: Option<Uuid>,
    pub direction: Option<Direction>,
    pub stage: Option<Stage>,
    pub after: Option<Uuid>,
    pub rows: i64,
}

/// Newest first. Without a partnership, what a firm gave and what it received are each read in the
/// order of their own index, and only as many as the page needs.
pub(super) async fn list(
    conn: &Conn,
    firm_id: Uuid,
    filter: ListFilter,
    now: Timestamp,
) -> ApiResult<Vec<Introduction>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(firm_id));
    query.bind(Bind::Timestamp(now));
    let mut also = String::new();
    if let Some(partnership_id) = filter.partnership_id {
        also.push_str(&format!(
            " AND p.partnership_id = {}",
            query.bind(Bind::Uuid(partnership_id))
        ));
    }
    if let Some(stage) = filter.stage {
        also.push_str(&format!(
            " AND p.stage = {}",
            query.bind(Bind::Text(stage.to_string()))
        ));
    }
    if let Some(after) = filter.after {
        also.push_str(&format!(" AND p.id < {}", query.bind(Bind::Uuid(after))));
    }
    let rows = query.bind(Bind::Count(filter.rows));
    let part = |side: &str| {
        format!(
            "(SELECT p.* FROM introductions p WHERE {side}{also} ORDER BY p.id DESC LIMIT {rows})"
        )
    };
    let given = part("p.introducer_firm_id = $1");
    let received = part("p.receiver_firm_id = $1 AND p.offered_at IS NOT NULL");
    let source = match filter.direction {
        Some(Direction::Given) => given,
        Some(Direction::Received) => received,
        None => format!("({given} UNION ALL {received} ORDER BY id DESC LIMIT {rows})"),
    };
    let (before, after) = view!("\u{1}").split_once('\u{1}').unwrap_or_default();
    let query = query
        .sql(before)
        .sql(&source)
        .sql(after)
        .sql(&format!(" ORDER BY i.id DESC LIMIT {rows}"));
    let rows: Vec<IntroductionRow> = query.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(Introduction::from).collect())
}

/// What is drafted.
pub(super) struct Draft<'a> {
    pub id: Uuid,
    pub partnership_id: Uuid,
    pub receiver_firm_id: Uuid,
    pub client_id: Uuid,
    pub reference: &'a str,
    pub summary: Option<&'a str>,
    pub expected: Option<&'a Money>,
}

statement! {
    /// Nothing is made when the client is not the introducer's own.
    Insert<'a> {
        firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid,
        receiver_firm_id: Uuid => SqlUuid, client_id: Uuid => SqlUuid, reference: &'a str => Text,
        summary: Option<&'a str> => Nullable<Text>, expected_minor: Option<i64> => Nullable<BigInt>,
        expected_currency: Option<&'a Currency> => Nullable<Text>, today: Date => SqlDate, actor_id: Uuid => SqlUuid,
    } -> Columns,
    concat!(
        "WITH made AS (
           INSERT INTO introductions (id, partnership_id, introducer_firm_id, receiver_firm_id, client_id, reference, stage,
                                      summary, expected_minor, expected_currency, occurred_on, created_at, updated_at)
           SELECT $3, $4, $1, $5, o.id, $7, 'draft', $8, $9, $10, $11, $2, $2
             FROM clients o WHERE o.id = $6 AND o.firm_id = $1
           RETURNING *),
         told AS (
           INSERT INTO introduction_stages (introduction_id, version, stage, occurred_on, recorded_by_firm_id, recorded_by, recorded_at)
           SELECT id, version, stage, $11, $1, $12, $2 FROM made) ",
        view!("made")
    )
}

/// Makes a draft; `None` when the firm has no such client.
pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    draft: &Draft<'_>,
    today: Date,
    now: Timestamp,
) -> ApiResult<Option<Introduction>> {
    let insert = Insert {
        firm_id: caller.firm_id,
        now,
        id: draft.id,
        partnership_id: draft.partnership_id,
        receiver_firm_id: draft.receiver_firm_id,
        client_id: draft.client_id,
        reference: draft.reference,
        summary: draft.summary,
        expected_minor: draft.expected.map(|money| money.amount_minor),
        expected_currency: draft.expected.map(|money| &money.currency),
        today,
        actor_id: caller.actor_id(),
    };
    let row: Option<IntroductionRow> = insert.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(Introduction::from))
}

statement! {
    Edit<'a> {
        firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, id: Uuid => SqlUuid, version: Option<i32> => Nullable<Integer>,
        summary: Option<&'a str> => Nullable<Text>, expected_minor: Option<i64> => Nullable<BigInt>,
        expected_currency: Option<&'a Currency> => Nullable<Text>,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE introductions
              SET summary = $5, expected_minor = $6, expected_currency = $7, updated_at = $2, version = version + 1
            WHERE id = $3 AND introducer_firm_id = $1 AND ($4 IS NULL OR version = $4)
              AND stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met')
              AND (summary, expected_minor, expected_currency) IS DISTINCT FROM ($5, $6, $7)
            RETURNING *) ",
        view!("made")
    )
}

/// Edits an open introduction, of this version if one is given; `None` when there was nothing to
/// change, or another version, or it is closed.
pub(super) async fn edit(
    tx: &Tx,
    firm_id: Uuid,
    (id, version): (Uuid, Option<i32>),
    (summary, expected): (Option<&str>, Option<&Money>),
    now: Timestamp,
) -> ApiResult<Option<Introduction>> {
    let (expected_minor, expected_currency) = (
        expected.map(|money| money.amount_minor),
        expected.map(|money| &money.currency),
    );
    let edit = Edit {
        firm_id,
        now,
        id,
        version,
        summary,
        expected_minor,
        expected_currency,
    };
    let row: Option<IntroductionRow> = edit.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(Introduction::from))
}

/// What is known of a move along an arrow.
pub(super) struct Step<'a> {
    pub id: Uuid,
    pub verb: Verb,
    pub occurred_on: Date,
    pub reason: Option<ReasonCode>,
    pub reason_note: Option<&'a str>,
    pub realised: Option<&'a Money>,
}

statement! {
    Advance<'a> {
        firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, id: Uuid => SqlUuid, from: Vec<Stage> => Array<Text>, to: Stage => Text,
        needs_active: bool => Bool, needs_consent: bool => Bool, occurred_on: Date => SqlDate,
        reason: Option<ReasonCode> => Nullable<Text>, reason_note: Option<&'a str> => Nullable<Text>,
        realised_minor: Option<i64> => Nullable<BigInt>, realised_currency: Option<&'a Currency> => Nullable<Text>,
        actor_id: Uuid => SqlUuid,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE introductions i
              SET stage = $5, occurred_on = $8, reason = $9, reason_note = $10,
                  realised_minor = coalesce($11, i.realised_minor), realised_currency = coalesce($12, i.realised_currency),
                  offered_at = CASE WHEN $5 = 'offered' THEN $2 ELSE i.offered_at END,
                  answered_at = CASE WHEN $5 IN ('accepted', 'declined') THEN coalesce(i.answered_at, $2) ELSE i.answered_at END,
                  closed_at = CASE WHEN $5 IN ('engaged', 'not_engaged', 'declined', 'withdrawn') THEN $2 END,
                  updated_at = $2, version = version + 1
            WHERE i.id = $3 AND ", visible!(), " AND i.stage = ANY($4)
              AND (NOT $6 OR EXISTS (SELECT FROM partnerships p WHERE p.id = i.partnership_id AND p.state = 'active' FOR SHARE))
              AND (NOT $7 OR EXISTS (
                    SELECT FROM consents k
                     WHERE k.client_id = i.client_id AND k.partner_firm_id = i.receiver_firm_id
                       AND k.withdrawn_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2) FOR SHARE))
            RETURNING *),
         told AS (
           INSERT INTO introduction_stages (introduction_id, version, stage, occurred_on, reason, reason_note,
                                            recorded_by_firm_id, recorded_by, recorded_at)
           SELECT id, version, stage, $8, $9, $10, $1, $13, $2 FROM made) ",
        view!("made")
    )
}

/// Moves an introduction along an arrow; `None` when the arrow does not lead from where it stands,
/// the partnership is not active or consent is missing, as the verb needs them.
pub(super) async fn advance(
    tx: &Tx,
    caller: &Caller,
    step: &Step<'_>,
    now: Timestamp,
) -> ApiResult<Option<Introduction>> {
    let (from, to) = step.verb.arrow();
    let advance = Advance {
        firm_id: caller.firm_id,
        now,
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
        actor_id: caller.actor_id(),
    };
    let row: Option<IntroductionRow> = advance.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(Introduction::from))
}

/// An introduction that ended with its partnership.
#[derive(Debug, Queryable)]
pub(super) struct Ended {
    pub id: Uuid,
    pub version: i32,
    pub introducer_firm_id: Uuid,
    pub receiver_firm_id: Uuid,
    pub was_offered: bool,
}

statement! {
    WithdrawOpen {
        partnership_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, actor_id: Uuid => SqlUuid, today: Date => SqlDate, now: Timestamp => Timestamptz,
    } -> (SqlUuid, Integer, SqlUuid, SqlUuid, Bool),
    "WITH ended AS (
       UPDATE introductions SET stage = 'withdrawn', occurred_on = $4, closed_at = $5, updated_at = $5, version = version + 1
        WHERE partnership_id = $1 AND stage IN ('draft', 'offered') RETURNING *),
     told AS (
       INSERT INTO introduction_stages (introduction_id, version, stage, occurred_on, recorded_by_firm_id, recorded_by, recorded_at)
       SELECT id, version, stage, $4, $2, $3, $5 FROM ended)
     SELECT id, version, introducer_firm_id, receiver_firm_id, offered_at IS NOT NULL FROM ended ORDER BY id"
}

/// Withdraws a partnership's drafts and open offers.
pub(super) async fn withdraw_open(
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
    FindOpen { firm_id: Uuid => SqlUuid, client_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid } -> SqlUuid,
    "SELECT i.id FROM introductions i
      WHERE i.introducer_firm_id = $1 AND i.client_id = $2
        AND i.receiver_firm_id IN (SELECT unnest(ARRAY[p.proposer_firm_id, p.recipient_firm_id]) FROM partnerships p WHERE p.id = $3)
        AND i.stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met')"
}

/// The open introduction of a client to the partner of a partnership.
pub(super) async fn find_open(
    conn: &Conn,
    firm_id: Uuid,
    client_id: Uuid,
    partnership_id: Uuid,
) -> ApiResult<Option<Uuid>> {
    Ok(FindOpen {
        firm_id,
        client_id,
        partnership_id,
    }
    .get_result(&mut &*conn)
    .await
    .optional()?)
}

pub(super) async fn insert_external_id(
    tx: &Tx,
    (firm_id, introduction_id): (Uuid, Uuid),
    system: &SystemName,
    external_id: &ExternalId,
) -> ApiResult<()> {
    let row = (
        introduction_external_ids::firm_id.eq(firm_id),
        introduction_external_ids::system.eq(system),
        introduction_external_ids::external_id.eq(external_id),
        introduction_external_ids::introduction_id.eq(introduction_id),
    );
    diesel::insert_into(introduction_external_ids::table)
        .values(row)
        .execute(&mut &**tx)
        .await?;
    Ok(())
}

pub(super) async fn find_by_external_id(
    conn: &Conn,
    firm_id: Uuid,
    system: &SystemName,
    external_id: &ExternalId,
    now: Timestamp,
) -> ApiResult<Option<Introduction>> {
    let find = FindByExternalId {
        firm_id,
        now,
        system,
        external_id,
    };
    let row: Option<IntroductionRow> = find.get_result(&mut &*conn).await.optional()?;
    Ok(row.map(Introduction::from))
}

#[derive(Debug, Queryable)]
struct StageRow {
    stage: Stage,
    occurred_on: Date,
    reason: Option<ReasonCode>,
    reason_note: Option<String>,
    recorded_by_firm_id: Uuid,
    recorded_at: Timestamp,
    version: i32,
}

statement! {
    ListStages { introduction_id: Uuid => SqlUuid, with_drafts: bool => Bool, after: i32 => Integer, rows: i64 => BigInt }
        -> (Text, SqlDate, Nullable<Text>, Nullable<Text>, SqlUuid, Timestamptz, Integer),
    "SELECT stage, occurred_on, reason, reason_note, recorded_by_firm_id, recorded_at, version
       FROM introduction_stages
      WHERE introduction_id = $1 AND ($2 OR stage <> 'draft') AND version > $3 ORDER BY version LIMIT $4"
}

/// The history after a version, oldest first; the receiver's begins with the offer.
pub(super) async fn list_stages(
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
    Ok(rows
        .into_iter()
        .map(|row| {
            let StageRow {
                stage,
                occurred_on,
                reason,
                reason_note,
                recorded_by_firm_id,
                recorded_at,
                version,
            } = row;
            StageRecord {
                stage,
                occurred_on,
                reason,
                reason_note,
                recorded_by_firm_id,
                recorded_at,
                version,
            }
        })
        .collect())
}

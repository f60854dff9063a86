//! The tables of introductions, their external ids and their history.

use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz,
    Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{
    ClientOutcome, Direction, IntroducedClient, Introduction, IntroductionWarning, ReasonCode,
    Stage, Verb,
};
use crate::platform::auth::Caller;
use crate::platform::db::columns::{ExternalIds, RawJson};
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

/// The names of an introduction's columns, in the order in which they are read.
macro_rules! names {
    () => {
        "id, reference, partnership_id, is_given, partner_firm_id, stage, summary, expected_minor, expected_currency,
         realised_minor, realised_currency, reason, reason_note, occurred_on, offered_at, expires_at, answered_at, closed_at,
         previous_id, fit, outcome_words, outcome_rating, outcome_at, is_parallel, external_ids, created_at, updated_at, version,
         client_id, is_open, is_erased, name, email, phone, notes, attributes, traits, has_consent"
    };
}

/// An introduction for the firm `$1` at the instant `$2`; `$opens` tells whether a receiver may learn
/// who the client is at all.
///
/// Here the seal is kept: what the receiver may not know is not selected. Figures and traits are for
/// weighing an offer, so they go too once it came to nothing.
macro_rules! view {
    ($source:expr, $opens:literal) => {
        concat!(
            "SELECT i.id, i.reference, i.partnership_id, i.introducer_firm_id = $1,
                    CASE WHEN i.introducer_firm_id = $1 THEN i.receiver_firm_id ELSE i.introducer_firm_id END,
                    i.stage, i.summary, i.expected_minor, i.expected_currency, i.realised_minor, i.realised_currency,
                    i.reason, i.reason_note, i.occurred_on, i.offered_at, i.expires_at, i.answered_at, i.closed_at,
                    i.previous_id, i.fit, i.outcome_words, i.outcome_rating, i.outcome_at,
                    i.introducer_firm_id = $1 AND i.stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met')
                      AND EXISTS (SELECT FROM introductions o WHERE o.client_id = i.client_id AND o.id <> i.id
                                     AND o.stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met')),
                    ARRAY(SELECT x.system || '=' || x.external_id FROM introduction_external_ids x
                           WHERE x.introduction_id = i.id AND x.firm_id = $1),
                    i.created_at, i.updated_at, i.version,
                    i.client_id, seal.open, c.erased_at IS NOT NULL,
                    CASE WHEN seal.open THEN c.name END, CASE WHEN seal.open THEN c.email END,
                    CASE WHEN seal.open THEN c.phone END, CASE WHEN seal.open THEN c.notes END,
                    CASE WHEN told.it THEN c.attributes ELSE '{}'::jsonb END,
                    CASE WHEN told.it THEN c.traits ELSE '{}'::text[] END,
                    k.id IS NOT NULL, k.id
               FROM ", $source, " i
               JOIN clients c ON c.id = i.client_id
               LEFT JOIN consents k ON k.client_id = i.client_id AND k.partner_firm_id = i.receiver_firm_id
                     AND k.withdrawn_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2)
              CROSS JOIN LATERAL (SELECT c.erased_at IS NULL AND (i.introducer_firm_id = $1
                     OR (", $opens, " AND k.id IS NOT NULL AND i.stage IN
                         ('accepted', 'introduced', 'meeting_set', 'met', 'engaged', 'not_engaged'))) AS open) seal
              CROSS JOIN LATERAL (SELECT i.introducer_firm_id = $1
                     OR i.stage NOT IN ('declined', 'withdrawn', 'expired') AS it) told"
        )
    };
}

/// What is shown to a caller: an introduction as its firm may see it now. Where that tells a receiver
/// who the client is, the same statement writes it down, for the principal `$3` and the hour `$4`.
macro_rules! shown {
    ($before:expr, $source:expr, $which:expr, $order:expr) => {
        concat!(
            "WITH ", $before, "seen (", names!(), ", consent_id) AS (", view!($source, "true"), $which, "),
             disclosed AS (
               INSERT INTO disclosures (principal_id, client_id, consent_id, hour, introduction_id, firm_id, partner_firm_id, disclosed_at)
               SELECT $3, client_id, consent_id, $4, id, partner_firm_id, $1, $2 FROM seen WHERE is_open AND NOT is_given
                   ON CONFLICT DO NOTHING)
             SELECT ", names!(), " FROM seen", $order
        )
    };
}

/// What is only looked at, to judge what may be done to it: it tells no receiver who the client is, and
/// so is never an answer to one.
macro_rules! judged {
    ($before:expr, $source:expr, $which:expr) => {
        concat!(
            "WITH ",
            $before,
            "seen (",
            names!(),
            ", consent_id) AS (",
            view!($source, "false"),
            $which,
            ")
             SELECT ",
            names!(),
            " FROM seen"
        )
    };
}

/// What the firm `$1` may see: its own, and what it was offered.
macro_rules! visible {
    () => {
        "(i.introducer_firm_id = $1 OR (i.receiver_firm_id = $1 AND i.offered_at IS NOT NULL))"
    };
}

pub(super) use {names, shown, view, visible};

/// Of the introduction, then of its client.
pub(super) type Columns = (IntroductionColumns, ClientColumns);

pub(super) type IntroductionColumns = (
    SqlUuid,
    Text,
    SqlUuid,
    Bool,
    SqlUuid,
    Text,
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
    Nullable<Timestamptz>,
    Nullable<SqlUuid>,
    Nullable<Jsonb>,
    Nullable<Text>,
    Nullable<SmallInt>,
    Nullable<Timestamptz>,
    Bool,
    Array<Text>,
    Timestamptz,
    Timestamptz,
    Integer,
);

pub(super) type ClientColumns = (
    SqlUuid,
    Bool,
    Bool,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Jsonb,
    Array<Text>,
    Bool,
);

#[derive(Debug, Queryable)]
pub(super) struct IntroductionRow {
    id: Uuid,
    reference: String,
    partnership_id: Uuid,
    is_given: bool,
    partner_firm_id: Uuid,
    stage: Stage,
    summary: Option<String>,
    expected_minor: Option<i64>,
    expected_currency: Option<Currency>,
    realised_minor: Option<i64>,
    realised_currency: Option<Currency>,
    reason: Option<ReasonCode>,
    reason_note: Option<String>,
    occurred_on: Option<Date>,
    offered_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    answered_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    previous_id: Option<Uuid>,
    fit: Option<RawJson>,
    outcome_words: Option<String>,
    outcome_rating: Option<i16>,
    outcome_at: Option<Timestamp>,
    is_parallel: bool,
    external_ids: ExternalIds,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

#[derive(Debug, Queryable)]
pub(super) struct ClientRow {
    client_id: Uuid,
    is_open: bool,
    is_erased: bool,
    name: Option<Name>,
    email: Option<EmailAddress>,
    phone: Option<String>,
    notes: Option<String>,
    attributes: RawJson,
    traits: Vec<String>,
    has_consent: bool,
}

pub(super) type Row = (IntroductionRow, ClientRow);

/// What a row is.
pub(super) fn introduction((row, client): Row) -> Introduction {
    let has_consent = client.has_consent;
    let client = IntroducedClient {
        id: row.is_given.then_some(client.client_id),
        sealed: !client.is_open,
        erased: client.is_erased,
        name: client.name,
        email: client.email,
        phone: client.phone,
        notes: client.notes,
        attributes: client.attributes,
        traits: client.traits,
    };
    let outcome = row
        .outcome_words
        .zip(row.outcome_at)
        .map(|(words, recorded_at)| ClientOutcome {
            words,
            rating: row.outcome_rating,
            recorded_at,
        });
    let took = row.offered_at.zip(row.answered_at);
    Introduction {
        id: row.id,
        reference: row.reference,
        partnership_id: row.partnership_id,
        direction: Direction::of(row.is_given),
        stage: row.stage,
        client,
        has_consent,
        summary: row.summary,
        expected_value: Money::from_columns(row.expected_minor, row.expected_currency),
        realised_value: Money::from_columns(row.realised_minor, row.realised_currency),
        reason: row.reason,
        reason_note: row.reason_note,
        occurred_on: row.occurred_on,
        offered_at: row.offered_at,
        expires_at: row.expires_at,
        answered_at: row.answered_at,
        first_answer_seconds: took
            .map(|(offered, answered)| answered.as_second() - offered.as_second()),
        closed_at: row.closed_at,
        previous_id: row.previous_id,
        fit: row.fit,
        outcome,
        warnings: IntroductionWarning::of(row.is_parallel),
        external_ids: row.external_ids,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
        partner_firm_id: row.partner_firm_id,
    }
}

/// Who is shown something: the disclosure log says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Viewer {
    pub firm_id: Uuid,
    pub principal_id: Uuid,
    pub now: Timestamp,
}

impl Viewer {
    pub fn new(caller: &Caller, now: Timestamp) -> Self {
        Self {
            firm_id: caller.firm_id,
            principal_id: caller.actor_id(),
            now,
        }
    }

    /// The hour, in UTC.
    pub fn hour(self) -> Timestamp {
        self.now
            .plus_seconds(-(self.now.as_second() % 3600))
            .whole_second()
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, principal_id: Uuid => SqlUuid, hour: Timestamp => Timestamptz, id: Uuid => SqlUuid } -> Columns,
    shown!("", "introductions", concat!(" WHERE i.id = $5 AND ", visible!()), "")
}

/// One, to be shown.
pub(super) async fn find(conn: &Conn, viewer: Viewer, id: Uuid) -> ApiResult<Option<Introduction>> {
    let find = Find {
        firm_id: viewer.firm_id,
        now: viewer.now,
        principal_id: viewer.principal_id,
        hour: viewer.hour(),
        id,
    };
    let row: Option<Row> = find.get_result(&mut &*conn).await.optional()?;
    Ok(row.map(introduction))
}

statement! {
    Judge { firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, id: Uuid => SqlUuid } -> Columns,
    judged!("", "introductions", concat!(" WHERE i.id = $3 AND ", visible!()))
}

/// One, to be judged; a receiver is not told who the client is.
pub(super) async fn judge(
    conn: &Conn,
    firm_id: Uuid,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<Option<Introduction>> {
    let row: Option<Row> = Judge { firm_id, now, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(introduction))
}

statement! {
    FindByExternalId<'a> {
        firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, principal_id: Uuid => SqlUuid, hour: Timestamp => Timestamptz,
        system: &'a SystemName => Text, external_id: &'a ExternalId => Text,
    } -> Columns,
    shown!("", "introductions",
        concat!(" WHERE i.id = (SELECT e.introduction_id FROM introduction_external_ids e
                                 WHERE e.firm_id = $1 AND e.system = $5 AND e.external_id = $6) AND ", visible!()), "")
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
    viewer: Viewer,
    filter: ListFilter,
) -> ApiResult<Vec<Introduction>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(viewer.firm_id));
    query.bind(Bind::Timestamp(viewer.now));
    query.bind(Bind::Uuid(viewer.principal_id));
    query.bind(Bind::Timestamp(viewer.hour()));
    let also = query.also([
        ("p.partnership_id =", filter.partnership_id.map(Bind::Uuid)),
        (
            "p.stage =",
            filter.stage.map(|stage| Bind::Text(stage.to_string())),
        ),
        ("p.id <", filter.after.map(Bind::Uuid)),
    ]);
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
    // The page is put in where a mark stands in the text.
    let whole = shown!("", "\u{1}", "\u{2}", "\u{3}");
    let order = format!(" ORDER BY id DESC LIMIT {rows}");
    let whole = whole
        .replace('\u{1}', &source)
        .replace('\u{2}', "")
        .replace('\u{3}', &order);
    let rows: Vec<Row> = query.sql(&whole).load(&mut &*conn).await?;
    Ok(rows.into_iter().map(introduction).collect())
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
    pub previous_id: Option<Uuid>,
}

statement! {
    /// Nothing is made when the client is not the introducer's own.
    Insert<'a> {
        firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid,
        receiver_firm_id: Uuid => SqlUuid, client_id: Uuid => SqlUuid, reference: &'a str => Text,
        summary: Option<&'a str> => Nullable<Text>, expected_minor: Option<i64> => Nullable<BigInt>,
        expected_currency: Option<&'a Currency> => Nullable<Text>, today: Date => SqlDate, actor_id: Uuid => SqlUuid,
        previous_id: Option<Uuid> => Nullable<SqlUuid>,
    } -> Columns,
    judged!(
        "made AS (
           INSERT INTO introductions (id, partnership_id, introducer_firm_id, receiver_firm_id, client_id, reference, stage,
                                      summary, expected_minor, expected_currency, occurred_on, previous_id, created_at, updated_at)
           SELECT $3, $4, $1, $5, o.id, $7, 'draft', $8, $9, $10, $11, $13, $2, $2
             FROM clients o WHERE o.id = $6 AND o.firm_id = $1 AND o.erased_at IS NULL FOR SHARE
           RETURNING *),
         kept AS (
           INSERT INTO introduction_stages (introduction_id, version, stage, occurred_on, recorded_by_firm_id, recorded_by, recorded_at)
           SELECT id, version, stage, $11, $1, $12, $2 FROM made), ",
        "made", ""
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
        previous_id: draft.previous_id,
    };
    let row: Option<Row> = insert.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(introduction))
}

statement! {
    Edit<'a> {
        firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, id: Uuid => SqlUuid, version: Option<i32> => Nullable<Integer>,
        summary: Option<&'a str> => Nullable<Text>, expected_minor: Option<i64> => Nullable<BigInt>,
        expected_currency: Option<&'a Currency> => Nullable<Text>,
    } -> Columns,
    judged!(
        "made AS (
           UPDATE introductions
              SET summary = $5, expected_minor = $6, expected_currency = $7, updated_at = $2, version = version + 1
            WHERE id = $3 AND introducer_firm_id = $1 AND ($4 IS NULL OR version = $4)
              AND stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met')
              AND (summary, expected_minor, expected_currency) IS DISTINCT FROM ($5, $6, $7)
            RETURNING *), ",
        "made", ""
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
    let edit = Edit {
        firm_id,
        now,
        id,
        version,
        summary,
        expected_minor: expected.map(|money| money.amount_minor),
        expected_currency: expected.map(|money| &money.currency),
    };
    let row: Option<Row> = edit.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(introduction))
}

/// What is known of a move along an arrow.
pub(super) struct Step<'a> {
    pub id: Uuid,
    pub verb: Verb,
    pub occurred_on: Date,
    pub reason: Option<ReasonCode>,
    pub reason_note: Option<&'a str>,
    pub realised: Option<&'a Money>,
    pub expires_at: Option<Timestamp>,
}

statement! {
    Advance<'a> {
        firm_id: Uuid => SqlUuid, now: Timestamp => Timestamptz, principal_id: Uuid => SqlUuid, hour: Timestamp => Timestamptz,
        id: Uuid => SqlUuid, from: Vec<Stage> => Array<Text>, to: Stage => Text,
        needs_active: bool => Bool, needs_consent: bool => Bool, occurred_on: Date => SqlDate,
        reason: Option<ReasonCode> => Nullable<Text>, reason_note: Option<&'a str> => Nullable<Text>,
        realised_minor: Option<i64> => Nullable<BigInt>, realised_currency: Option<&'a Currency> => Nullable<Text>,
        expires_at: Option<Timestamp> => Nullable<Timestamptz>,
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
              SET stage = $7, occurred_on = $10, reason = $11, reason_note = $12,
                  realised_minor = coalesce($13, i.realised_minor), realised_currency = coalesce($14, i.realised_currency),
                  offered_at = CASE WHEN $7 = 'offered' THEN $2 ELSE i.offered_at END,
                  expires_at = CASE WHEN $7 = 'offered' THEN $15 ELSE i.expires_at END,
                  answered_at = CASE WHEN $7 IN ('accepted', 'declined') THEN coalesce(i.answered_at, $2) ELSE i.answered_at END,
                  closed_at = CASE WHEN $7 IN ('engaged', 'not_engaged', 'declined', 'withdrawn') THEN $2 END,
                  updated_at = $2, version = i.version + 1
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
pub(super) async fn advance(
    tx: &Tx,
    viewer: Viewer,
    step: &Step<'_>,
) -> ApiResult<Option<Introduction>> {
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
    };
    let row: Option<Row> = advance.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(introduction))
}

pub(super) async fn find_by_external_id(
    conn: &Conn,
    viewer: Viewer,
    system: &SystemName,
    external_id: &ExternalId,
) -> ApiResult<Option<Introduction>> {
    let find = FindByExternalId {
        firm_id: viewer.firm_id,
        now: viewer.now,
        principal_id: viewer.principal_id,
        hour: viewer.hour(),
        system,
        external_id,
    };
    let row: Option<Row> = find.get_result(&mut &*conn).await.optional()?;
    Ok(row.map(introduction))
}

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
    Stage,
};
use crate::fit::FitBand;
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
         previous_id, fit, core_story_id, outcome_words, outcome_rating, outcome_at, is_parallel, external_ids, created_at, updated_at, version,
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
                    i.previous_id, i.fit, i.core_story_id, i.outcome_words, i.outcome_rating, i.outcome_at,
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
    Nullable<SqlUuid>,
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
    core_story_id: Option<Uuid>,
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
        core_story_id: row.core_story_id,
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
    pub fit_band: Option<FitBand>,
    pub has_fit: Option<bool>,
    pub has_outcome: Option<bool>,
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
    let word = |word: &str| Bind::Text(word.to_owned());
    let mut also = query.also([
        ("p.partnership_id =", filter.partnership_id.map(Bind::Uuid)),
        ("p.stage =", filter.stage.map(|stage| word(stage.as_str()))),
        (
            "p.fit_band =",
            filter.fit_band.map(|band| word(band.as_str())),
        ),
        ("p.id <", filter.after.map(Bind::Uuid)),
    ]);
    for (column, is_there) in [
        ("p.fit_band", filter.has_fit),
        ("p.outcome_at", filter.has_outcome),
    ] {
        if let Some(is_there) = is_there {
            let is = if is_there { "IS NOT NULL" } else { "IS NULL" };
            also.push_str(&format!(" AND {column} {is}"));
        }
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

//! The tables of action steps and of the moves of their dates.

use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::create::CreateActionStep;
use super::model::{ActionStep, ConversationChannel, StepKind, StepMove, StepState};
use crate::parties::Side;
use crate::plan::PlanSection;
use crate::platform::auth::Caller;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Timestamp};
use crate::statement;

/// The columns of a step, for the firm `$1`. An introduction that the firm may not see is left out.
macro_rules! view {
    ($source:literal) => {
        concat!(
            "SELECT s.id, s.partnership_id,
                    (SELECT i.id FROM introductions i
                      WHERE i.id = s.introduction_id AND (i.introducer_firm_id = $1 OR i.offered_at IS NOT NULL)),
                    s.owner_firm_id = $1, s.owner_firm_id, s.owner_member_id, s.proposed_by_firm_id = $1,
                    s.state, s.kind, s.channel, s.topic, s.follows_id, s.section, s.title, s.detail, s.due_on, s.promised_on, s.proposed_due_on, s.proposed_due_reason,
                    s.reason, s.cancel_agreed, s.done_on, s.length_days, s.created_at, s.updated_at, s.version,
                    CASE WHEN p.proposer_firm_id = $1 THEN p.recipient_firm_id ELSE p.proposer_firm_id END
               FROM ", $source, " s
               JOIN partnerships p ON p.id = s.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)"
        )
    };
}

pub(super) use view;

pub(super) type Columns = (
    SqlUuid,
    SqlUuid,
    Nullable<SqlUuid>,
    Bool,
    SqlUuid,
    Nullable<SqlUuid>,
    Bool,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<SqlUuid>,
    Nullable<Text>,
    Text,
    Nullable<Text>,
    SqlDate,
    Nullable<SqlDate>,
    Nullable<SqlDate>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Bool>,
    Nullable<SqlDate>,
    Integer,
    Timestamptz,
    Timestamptz,
    Integer,
    SqlUuid,
);

#[derive(Debug, Queryable)]
pub(super) struct StepRow {
    id: Uuid,
    partnership_id: Uuid,
    introduction_id: Option<Uuid>,
    is_ours: bool,
    owner_firm_id: Uuid,
    owner_member_id: Option<Uuid>,
    is_proposed_by_us: bool,
    state: StepState,
    kind: StepKind,
    channel: Option<ConversationChannel>,
    topic: Option<String>,
    follows_id: Option<Uuid>,
    section: Option<PlanSection>,
    title: String,
    detail: Option<String>,
    due_on: Date,
    promised_on: Option<Date>,
    proposed_due_on: Option<Date>,
    proposed_due_reason: Option<String>,
    reason: Option<String>,
    cancel_agreed: Option<bool>,
    done_on: Option<Date>,
    length_days: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
    partner_firm_id: Uuid,
}

impl From<StepRow> for ActionStep {
    fn from(row: StepRow) -> Self {
        let side = |ours: bool| if ours { Side::Us } else { Side::Them };
        Self {
            id: row.id,
            partnership_id: row.partnership_id,
            introduction_id: row.introduction_id,
            owner: side(row.is_ours),
            owner_firm_id: row.owner_firm_id,
            owner_member_id: row.owner_member_id,
            proposed_by: side(row.is_proposed_by_us),
            state: row.state,
            kind: row.kind,
            channel: row.channel,
            topic: row.topic,
            follows_id: row.follows_id,
            section: row.section,
            title: row.title,
            detail: row.detail,
            due_on: row.due_on,
            promised_on: row.promised_on,
            proposed_due_on: row.proposed_due_on,
            proposed_due_reason: row.proposed_due_reason,
            reason: row.reason,
            agreed_by_both: row.cancel_agreed,
            done_on: row.done_on,
            length_days: row.length_days,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
            partner_firm_id: row.partner_firm_id,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(view!("action_steps"), " WHERE s.id = $2")
}

pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<ActionStep>> {
    let row: Option<StepRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(ActionStep::from))
}

statement! {
    FindAll { firm_id: Uuid => SqlUuid, ids: Vec<Uuid> => Array<SqlUuid> } -> Columns,
    concat!(view!("action_steps"), " WHERE s.id = ANY ($2)")
}

/// Those of these steps that the firm sees.
pub(super) async fn find_all(
    conn: &Conn,
    firm_id: Uuid,
    ids: Vec<Uuid>,
) -> ApiResult<Vec<ActionStep>> {
    let rows: Vec<StepRow> = FindAll { firm_id, ids }.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(ActionStep::from).collect())
}

/// What is written down.
pub(super) struct NewStep<'a> {
    pub id: Uuid,
    pub partnership_id: Uuid,
    pub owner_firm_id: Uuid,
    pub state: StepState,
    pub due_on: Date,
    pub promised_on: Option<Date>,
    pub about: &'a CreateActionStep,
}

statement! {
    Insert<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, introduction_id: Option<Uuid> => Nullable<SqlUuid>,
        owner_firm_id: Uuid => SqlUuid, owner_member_id: Option<Uuid> => Nullable<SqlUuid>, state: StepState => Text,
        kind: StepKind => Text, title: &'a str => Text, detail: Option<&'a str> => Nullable<Text>, due_on: Date => SqlDate,
        promised_on: Option<Date> => Nullable<SqlDate>, now: Timestamp => Timestamptz,
        channel: Option<ConversationChannel> => Nullable<Text>, topic: Option<&'a str> => Nullable<Text>,
        follows_id: Option<Uuid> => Nullable<SqlUuid>, section: Option<PlanSection> => Nullable<Text>, actor_id: Uuid => SqlUuid,
        length_days: i32 => Integer,
    } -> Columns,
    concat!(
        "WITH made AS (
           INSERT INTO action_steps (id, partnership_id, introduction_id, owner_firm_id, owner_member_id, proposed_by_firm_id,
                                     state, kind, title, detail, due_on, promised_on, created_at, updated_at,
                                     channel, topic, follows_id, section, length_days)
           VALUES ($2, $3, $4, $5, $6, $1, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16, $17, $19) RETURNING *),
         told AS (
           INSERT INTO action_step_states (step_id, version, to_state, recorded_by_firm_id, recorded_by, recorded_at)
           SELECT id, version, state, $1, $18, $13 FROM made) ",
        view!("made")
    )
}

pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    step: NewStep<'_>,
    now: Timestamp,
) -> ApiResult<ActionStep> {
    let about = step.about;
    let insert = Insert {
        firm_id: caller.firm_id,
        id: step.id,
        partnership_id: step.partnership_id,
        introduction_id: about.introduction_id,
        owner_firm_id: step.owner_firm_id,
        owner_member_id: about.owner_member_id,
        state: step.state,
        kind: about.kind,
        title: about.title.trim(),
        detail: about.detail.as_deref(),
        due_on: step.due_on,
        promised_on: step.promised_on,
        now,
        channel: about.channel,
        topic: about.topic.as_deref(),
        follows_id: about.follows_id,
        section: about.section,
        actor_id: caller.actor_id(),
        length_days: about.length_days.unwrap_or(1),
    };
    let row: StepRow = insert.get_result(&mut &**tx).await?;
    Ok(row.into())
}

/// What a step refers to.
pub(super) struct Referred {
    pub partnership_id: Uuid,
    pub introduction_id: Option<Uuid>,
    pub follows_id: Option<Uuid>,
    pub owner_firm_id: Uuid,
    pub owner_member_id: Option<Uuid>,
}

statement! {
    References {
        firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, introduction_id: Option<Uuid> => Nullable<SqlUuid>,
        owner_member_id: Option<Uuid> => Nullable<SqlUuid>, owner_firm_id: Uuid => SqlUuid, follows_id: Option<Uuid> => Nullable<SqlUuid>,
    } -> (Bool, Bool, Bool, Bool),
    "SELECT $3 IS NULL OR EXISTS (
              SELECT FROM introductions i
               WHERE i.id = $3 AND i.partnership_id = $2 AND (i.introducer_firm_id = $1 OR i.offered_at IS NOT NULL)),
            NOT EXISTS (
              SELECT FROM introductions i
               WHERE i.id = $3 AND i.partnership_id = $2 AND i.introducer_firm_id = $1 AND i.offered_at IS NULL
                 AND $5 <> $1),
            $4 IS NULL OR EXISTS (
              SELECT FROM members m WHERE m.id = $4 AND m.firm_id = $5 AND m.deactivated_at IS NULL),
            $6 IS NULL OR EXISTS (SELECT FROM action_steps s WHERE s.id = $6 AND s.partnership_id = $2)"
}

/// Whether what a step refers to is what it can refer to.
#[derive(Debug, Queryable)]
pub(super) struct Known {
    /// The introduction is the partnership's, and the caller sees it.
    pub introduction: bool,
    /// It is no draft of the caller's while the owner is the other party, who does not see it.
    pub is_shown: bool,
    /// The member is the owner firm's.
    pub member: bool,
    /// The step that is followed is the partnership's.
    pub followed: bool,
}

/// Asks about all that a step refers to; what it does not refer to is as it should be.
pub(super) async fn references(
    conn: &Conn,
    firm_id: Uuid,
    referred: &Referred,
) -> ApiResult<Known> {
    let Referred {
        partnership_id,
        introduction_id,
        follows_id,
        owner_firm_id,
        owner_member_id,
    } = *referred;
    let check = References {
        firm_id,
        partnership_id,
        introduction_id,
        owner_member_id,
        owner_firm_id,
        follows_id,
    };
    Ok(check.get_result(&mut &*conn).await?)
}

/// What a step is about, as it is edited.
pub(super) struct Edited<'a> {
    pub title: &'a str,
    pub detail: Option<&'a str>,
    pub owner_member_id: Option<Uuid>,
    pub length_days: i32,
}

statement! {
    Edit<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, version: i32 => Integer, title: &'a str => Text,
        detail: Option<&'a str> => Nullable<Text>, owner_member_id: Option<Uuid> => Nullable<SqlUuid>, now: Timestamp => Timestamptz,
        length_days: i32 => Integer,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE action_steps
              SET title = $4, detail = $5, owner_member_id = $6, length_days = $8, updated_at = $7, version = version + 1
            WHERE id = $2 AND version = $3
              AND ((owner_firm_id = $1 AND state IN ('proposed', 'planned', 'in_progress'))
                OR (proposed_by_firm_id = $1 AND state = 'proposed'))
              AND (title, detail, owner_member_id, length_days) IS DISTINCT FROM ($4, $5, $6, $8)
            RETURNING *) ",
        view!("made")
    )
}

/// Edits a step of this version; `None` when it has another, is closed, or is like this already.
pub(super) async fn edit(
    tx: &Tx,
    firm_id: Uuid,
    (id, version): (Uuid, i32),
    edited: &Edited<'_>,
    now: Timestamp,
) -> ApiResult<Option<ActionStep>> {
    let edit = Edit {
        firm_id,
        id,
        version,
        title: edited.title,
        detail: edited.detail,
        owner_member_id: edited.owner_member_id,
        now,
        length_days: edited.length_days,
    };
    let row: Option<StepRow> = edit.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(ActionStep::from))
}

statement! {
    Move<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, to_on: Date => SqlDate, reason: &'a str => Text, actor_id: Uuid => SqlUuid,
        now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH old AS (
           SELECT * FROM action_steps
            WHERE id = $2 AND ((owner_firm_id = $1 AND state IN ('planned', 'in_progress'))
                            OR (proposed_by_firm_id = $1 AND state = 'proposed')) FOR UPDATE),
         told AS (
           INSERT INTO action_step_moves (step_id, version, from_on, to_on, reason, moved_by_firm_id, moved_by, moved_at)
           SELECT id, version + 1, due_on, $3, $4, $1, $5, $6 FROM old),
         made AS (
           UPDATE action_steps s
              SET due_on = $3, proposed_due_on = NULL, proposed_due_reason = NULL, updated_at = $6, version = old.version + 1
             FROM old WHERE s.id = old.id RETURNING s.*) ",
        view!("made")
    )
}

/// Moves a step that is the firm's to move: its own, or one that it has laid on the other and that
/// was not answered. `None` when it is not.
pub(super) async fn reschedule(
    tx: &Tx,
    caller: &Caller,
    id: Uuid,
    (to_on, reason): (Date, &str),
    now: Timestamp,
) -> ApiResult<Option<ActionStep>> {
    let step = Move {
        firm_id: caller.firm_id,
        id,
        to_on,
        reason,
        actor_id: caller.actor_id(),
        now,
    };
    let row: Option<StepRow> = step.get_result(&mut &**tx).await.optional()?;
    Ok(row.map(ActionStep::from))
}

statement! {
    ProposeDate<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, to_on: Date => SqlDate, reason: &'a str => Text, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH made AS (
           UPDATE action_steps
              SET proposed_due_on = $3, proposed_due_reason = $4, updated_at = $5, version = version + 1
            WHERE id = $2 AND owner_firm_id <> $1 AND state IN ('planned', 'in_progress')
            RETURNING *) ",
        view!("made")
    )
}

/// Proposes another date for the other party's step. `None` when it is not promised.
pub(super) async fn propose_date(
    tx: &Tx,
    firm_id: Uuid,
    id: Uuid,
    (to_on, reason): (Date, &str),
    now: Timestamp,
) -> ApiResult<Option<ActionStep>> {
    let row: Option<StepRow> = ProposeDate {
        firm_id,
        id,
        to_on,
        reason,
        now,
    }
    .get_result(&mut &**tx)
    .await
    .optional()?;
    Ok(row.map(ActionStep::from))
}

/// Which steps.
#[derive(Clone, Debug, Default)]
pub(super) struct ListFilter {
    pub partnership_id: Option<Uuid>,
    pub introduction_id: Option<Uuid>,
    pub owner: Option<Side>,
    pub owner_member_id: Option<Uuid>,
    pub state: Option<StepState>,
    pub kept: Option<bool>,
    pub promised_from: Option<Date>,
    pub promised_to: Option<Date>,
    pub done_from: Option<Date>,
    pub done_to: Option<Date>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub after: Option<Uuid>,
    pub rows: i64,
}

/// The order of a list of steps.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    /// Newest first.
    Newest,
    /// By due date.
    Due,
}

pub(super) async fn list(
    conn: &Conn,
    firm_id: Uuid,
    filter: ListFilter,
    order: Order,
) -> ApiResult<Vec<ActionStep>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(firm_id));
    let state = filter.state.map(|state| Bind::Text(state.to_string()));
    let mut also = query.also([
        ("s.partnership_id =", filter.partnership_id.map(Bind::Uuid)),
        (
            "s.introduction_id =",
            filter.introduction_id.map(Bind::Uuid),
        ),
        (
            "s.owner_member_id =",
            filter.owner_member_id.map(Bind::Uuid),
        ),
        ("s.state =", state),
        ("s.due_on >=", filter.from.map(Bind::Date)),
        ("s.due_on <=", filter.to.map(Bind::Date)),
        ("s.promised_on >=", filter.promised_from.map(Bind::Date)),
        ("s.promised_on <", filter.promised_to.map(Bind::Date)),
        ("s.done_on >=", filter.done_from.map(Bind::Date)),
        ("s.done_on <", filter.done_to.map(Bind::Date)),
    ]);
    // What hangs on a draft of the other party's is not told to hang on it.
    also.push_str(match filter.introduction_id {
        None => "",
        Some(_) => {
            " AND EXISTS (SELECT FROM introductions i
                           WHERE i.id = s.introduction_id AND (i.introducer_firm_id = $1 OR i.offered_at IS NOT NULL))"
        }
    });
    also.push_str(match filter.owner {
        None => "",
        Some(Side::Us) => " AND s.owner_firm_id = $1",
        Some(Side::Them) => " AND s.owner_firm_id <> $1",
    });
    also.push_str(match filter.kept {
        None => "",
        Some(true) => " AND s.state = 'done' AND s.done_on <= s.promised_on",
        Some(false) => " AND s.state = 'done' AND s.done_on > s.promised_on",
    });
    if let Some(after) = filter.after {
        let after = query.bind(Bind::Uuid(after));
        also.push_str(&match order {
            Order::Newest => format!(" AND s.id < {after}"),
            Order::Due => format!(" AND (s.due_on, s.id) > (SELECT a.due_on, a.id FROM action_steps a WHERE a.id = {after})"),
        });
    }
    let by = match order {
        Order::Newest => "s.id DESC",
        Order::Due => "s.due_on, s.id",
    };
    let rows = query.bind(Bind::Count(filter.rows));
    let query = query
        .sql(view!("action_steps"))
        .sql(" WHERE true")
        .sql(&also)
        .sql(&format!(" ORDER BY {by} LIMIT {rows}"));
    let rows: Vec<StepRow> = query.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(ActionStep::from).collect())
}

#[derive(Debug, Queryable)]
struct MoveRow {
    from_on: Date,
    to_on: Date,
    reason: String,
    moved_by_firm_id: Uuid,
    moved_at: Timestamp,
    version: i32,
}

statement! {
    ListMoves { step_id: Uuid => SqlUuid, before: i32 => Integer, rows: i64 => BigInt }
        -> (SqlDate, SqlDate, Text, SqlUuid, Timestamptz, Integer),
    "SELECT from_on, to_on, reason, moved_by_firm_id, moved_at, version FROM action_step_moves
      WHERE step_id = $1 AND version < $2 ORDER BY version DESC LIMIT $3"
}

/// The moves before a version, newest first.
pub(super) async fn list_moves(
    conn: &Conn,
    step: &ActionStep,
    before: Option<i32>,
    rows: i64,
) -> ApiResult<Vec<StepMove>> {
    let list = ListMoves {
        step_id: step.id,
        before: before.unwrap_or(i32::MAX),
        rows,
    };
    let rows: Vec<MoveRow> = list.load(&mut &*conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let MoveRow {
                from_on,
                to_on,
                reason,
                moved_by_firm_id,
                moved_at,
                version,
            } = row;
            StepMove {
                from_on,
                to_on,
                reason,
                moved_by_firm_id,
                moved_at,
                version,
            }
        })
        .collect())
}

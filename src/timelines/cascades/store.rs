//! The tables of cascades.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Cascade, CascadeEffect, CascadeMove};
use super::work_out::Reached;
use crate::action_steps::ActionStep;
use crate::parties::{Party, Side};
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Timestamp};
use crate::statement;

/// The columns of a cascade, for the firm `$1`.
macro_rules! view {
    () => {
        "SELECT c.id, c.partnership_id, c.step_id, c.firm_id = $1, c.made_by, c.reason, c.created_at, c.undone_at, c.undone_by,
                c.version, CASE WHEN p.proposer_firm_id = $1 THEN p.recipient_firm_id ELSE p.proposer_firm_id END
           FROM cascades c
           JOIN partnerships p ON p.id = c.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)"
    };
}

type Columns = (
    SqlUuid,
    SqlUuid,
    SqlUuid,
    Bool,
    SqlUuid,
    Text,
    Timestamptz,
    Nullable<Timestamptz>,
    Nullable<SqlUuid>,
    Integer,
    SqlUuid,
);

#[derive(Debug, Queryable)]
struct CascadeRow {
    id: Uuid,
    partnership_id: Uuid,
    step_id: Uuid,
    is_ours: bool,
    made_by: Uuid,
    reason: String,
    created_at: Timestamp,
    undone_at: Option<Timestamp>,
    undone_by: Option<Uuid>,
    version: i32,
    partner_firm_id: Uuid,
}

impl CascadeRow {
    fn with(self, moves: Vec<CascadeMove>) -> Cascade {
        Cascade {
            id: self.id,
            partnership_id: self.partnership_id,
            action_step_id: self.step_id,
            moved_by: Side::of(self.is_ours),
            made_by: self.made_by,
            reason: self.reason,
            moves,
            created_at: self.created_at,
            undone_at: self.undone_at,
            undone_by: self.undone_by,
            version: self.version,
            partner_firm_id: self.partner_firm_id,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(view!(), " WHERE c.id = $2")
}

pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Cascade>> {
    let rows: Vec<CascadeRow> = Find { firm_id, id }.load(&mut &*conn).await?;
    Ok(with_moves(conn, firm_id, rows).await?.pop())
}

statement! {
    List { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, before: Option<Uuid> => Nullable<SqlUuid>, rows: i64 => BigInt } -> Columns,
    concat!(
        view!(),
        " WHERE c.partnership_id = $2 AND ($3 IS NULL OR c.id < $3) ORDER BY c.id DESC LIMIT $4"
    )
}

/// The cascades of a partnership, newest first.
pub(super) async fn list(
    conn: &Conn,
    party: &Party,
    before: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<Cascade>> {
    let list = List {
        firm_id: party.us,
        partnership_id: party.partnership_id,
        before,
        rows,
    };
    let rows: Vec<CascadeRow> = list.load(&mut &*conn).await?;
    with_moves(conn, party.us, rows).await
}

statement! {
    ListMoves { firm_id: Uuid => SqlUuid, ids: Vec<Uuid> => Array<SqlUuid> } -> (SqlUuid, SqlUuid, Bool, SqlDate, SqlDate, Text),
    "SELECT m.cascade_id, m.step_id, s.owner_firm_id = $1, m.from_on, m.to_on, m.effect
       FROM cascade_moves m JOIN action_steps s ON s.id = m.step_id
      WHERE m.cascade_id = ANY ($2) ORDER BY m.cascade_id, m.place"
}

type MoveRow = (Uuid, Uuid, bool, Date, Date, CascadeEffect);

async fn with_moves(conn: &Conn, firm_id: Uuid, rows: Vec<CascadeRow>) -> ApiResult<Vec<Cascade>> {
    let ids = rows.iter().map(|row| row.id).collect();
    let moves: Vec<MoveRow> = ListMoves { firm_id, ids }.load(&mut &*conn).await?;
    let mut by_cascade: BTreeMap<Uuid, Vec<CascadeMove>> = BTreeMap::new();
    for (cascade_id, action_step_id, is_ours, from_on, to_on, effect) in moves {
        let one = CascadeMove {
            action_step_id,
            owner: Side::of(is_ours),
            from_on,
            to_on,
            effect,
        };
        by_cascade.entry(cascade_id).or_default().push(one);
    }
    let with = |row: CascadeRow| {
        let moves = by_cascade.remove(&row.id).unwrap_or_default();
        row.with(moves)
    };
    Ok(rows.into_iter().map(with).collect())
}

statement! {
    Insert<'a> {
        id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, step_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid,
        reason: &'a str => Text, made_by: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Bool,
    "INSERT INTO cascades (id, partnership_id, step_id, firm_id, reason, made_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING true"
}

statement! {
    InsertMoves {
        cascade_id: Uuid => SqlUuid, steps: Vec<Uuid> => Array<SqlUuid>, from: Vec<Date> => Array<SqlDate>, to: Vec<Date> => Array<SqlDate>,
        effects: Vec<CascadeEffect> => Array<Text>, proposed: Vec<Option<Date>> => Array<Nullable<SqlDate>>,
        reasons: Vec<Option<String>> => Array<Nullable<Text>>,
    } -> Bool,
    "INSERT INTO cascade_moves (cascade_id, step_id, place, from_on, to_on, effect, proposed_before_on, proposed_before_reason)
     SELECT $1, step, place, f, t, effect, proposed, reason
       FROM unnest($2, $3, $4, $5, $6, $7) WITH ORDINALITY AS given (step, f, t, effect, proposed, reason, place)
     RETURNING true"
}

/// Keeps what became of each step, and what was proposed for it before.
pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    (id, step): (Uuid, &ActionStep),
    (reached, reason): (&[Reached], &str),
    now: Timestamp,
) -> ApiResult<()> {
    let insert = Insert {
        id,
        partnership_id: step.partnership_id,
        step_id: step.id,
        firm_id: caller.firm_id,
        reason,
        made_by: caller.actor_id(),
        now,
    };
    let _made: bool = insert.get_result(&mut &**tx).await?;
    let before = |one: &Reached| one.step.proposed_due_on;
    let why = |one: &Reached| one.step.proposed_due_reason.clone();
    let moves = InsertMoves {
        cascade_id: id,
        steps: reached.iter().map(|one| one.step.id).collect(),
        from: reached.iter().map(|one| one.told.from_on).collect(),
        to: reached.iter().map(|one| one.told.to_on).collect(),
        effects: reached.iter().map(|one| one.told.effect).collect(),
        proposed: reached.iter().map(before).collect(),
        reasons: reached.iter().map(why).collect(),
    };
    let _kept: Vec<bool> = moves.load(&mut &**tx).await?;
    Ok(())
}

/// What a cascade did to a step, and what stood there before.
#[derive(Debug, Queryable)]
pub(super) struct Kept {
    pub step_id: Uuid,
    pub from_on: Date,
    pub to_on: Date,
    pub effect: CascadeEffect,
    pub proposed_before_on: Option<Date>,
    pub proposed_before_reason: Option<String>,
}

statement! {
    ListKept { cascade_id: Uuid => SqlUuid } -> (SqlUuid, SqlDate, SqlDate, Text, Nullable<SqlDate>, Nullable<Text>),
    "SELECT step_id, from_on, to_on, effect, proposed_before_on, proposed_before_reason
       FROM cascade_moves WHERE cascade_id = $1 AND effect <> 'left' ORDER BY step_id"
}

/// What a cascade changed.
pub(super) async fn list_kept(tx: &Tx, cascade_id: Uuid) -> ApiResult<Vec<Kept>> {
    Ok(ListKept { cascade_id }.load(&mut &**tx).await?)
}

statement! {
    MarkUndone { id: Uuid => SqlUuid, by: Uuid => SqlUuid, now: Timestamp => Timestamptz } -> Bool,
    "UPDATE cascades SET undone_at = $3, undone_by = $2, version = version + 1
      WHERE id = $1 AND undone_at IS NULL RETURNING true"
}

/// Says that it was undone; says whether it stood until now.
pub(super) async fn mark_undone(
    tx: &Tx,
    caller: &Caller,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<bool> {
    let mark = MarkUndone {
        id,
        by: caller.actor_id(),
        now,
    };
    let marked: Option<bool> = mark.get_result(&mut &**tx).await.optional()?;
    Ok(marked.is_some())
}

//! The tables of what playbooks laid out. Each statement names the firm whose playbooks they are.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{AppliedStep, PlaybookApplication};
use super::prepare::Wanted;
use crate::introductions::Direction;
use crate::parties::Party;
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Timestamp};
use crate::playbooks::lay_out::Laid;
use crate::statement;

statement! {
    FindDirection { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Bool,
    "SELECT i.introducer_firm_id = $1 FROM introductions i
      WHERE i.id = $3 AND i.partnership_id = $2 AND (i.introducer_firm_id = $1 OR i.offered_at IS NOT NULL)"
}

/// How an introduction of the partnership leads; `None` when the firm sees none such.
pub(super) async fn direction(
    conn: &Conn,
    party: &Party,
    id: Uuid,
) -> ApiResult<Option<Direction>> {
    let find = FindDirection {
        firm_id: party.us,
        partnership_id: party.partnership_id,
        id,
    };
    let is_given: Option<bool> = find.get_result(&mut &*conn).await.optional()?;
    Ok(is_given.map(Direction::of))
}

macro_rules! columns {
    () => {
        "SELECT id, playbook_id, playbook_version, partnership_id, introduction_id, start_on, applied_by, created_at
           FROM playbook_applications WHERE firm_id = $1"
    };
}

type Columns = (
    SqlUuid,
    SqlUuid,
    Integer,
    SqlUuid,
    Nullable<SqlUuid>,
    SqlDate,
    SqlUuid,
    Timestamptz,
);

#[derive(Debug, Queryable)]
struct ApplicationRow {
    id: Uuid,
    playbook_id: Uuid,
    playbook_version: i32,
    partnership_id: Uuid,
    introduction_id: Option<Uuid>,
    start_on: Date,
    applied_by: Uuid,
    created_at: Timestamp,
}

impl ApplicationRow {
    fn with(self, steps: Vec<AppliedStep>) -> PlaybookApplication {
        PlaybookApplication {
            id: self.id,
            playbook_id: self.playbook_id,
            playbook_version: self.playbook_version,
            partnership_id: self.partnership_id,
            introduction_id: self.introduction_id,
            start_on: self.start_on,
            steps,
            applied_by: self.applied_by,
            created_at: self.created_at,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!(columns!(), " AND id = $2")
}

pub(super) async fn find(
    conn: &Conn,
    firm_id: Uuid,
    id: Uuid,
) -> ApiResult<Option<PlaybookApplication>> {
    let rows: Vec<ApplicationRow> = Find { firm_id, id }.load(&mut &*conn).await?;
    Ok(with_steps(conn, rows).await?.pop())
}

statement! {
    List { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, before: Option<Uuid> => Nullable<SqlUuid>, rows: i64 => BigInt } -> Columns,
    concat!(columns!(), " AND partnership_id = $2 AND ($3 IS NULL OR id < $3) ORDER BY id DESC LIMIT $4")
}

/// What the firm laid out in a partnership, newest first.
pub(super) async fn list(
    conn: &Conn,
    party: &Party,
    before: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<PlaybookApplication>> {
    let list = List {
        firm_id: party.us,
        partnership_id: party.partnership_id,
        before,
        rows,
    };
    let rows: Vec<ApplicationRow> = list.load(&mut &*conn).await?;
    with_steps(conn, rows).await
}

statement! {
    ListSteps { ids: Vec<Uuid> => Array<SqlUuid> } -> (SqlUuid, Text, SqlUuid),
    "SELECT application_id, key, step_id FROM playbook_application_steps
      WHERE application_id = ANY ($1) ORDER BY application_id, place"
}

async fn with_steps(conn: &Conn, rows: Vec<ApplicationRow>) -> ApiResult<Vec<PlaybookApplication>> {
    let ids = rows.iter().map(|row| row.id).collect();
    let steps: Vec<(Uuid, String, Uuid)> = ListSteps { ids }.load(&mut &*conn).await?;
    let mut of: BTreeMap<Uuid, Vec<AppliedStep>> = BTreeMap::new();
    for (id, key, action_step_id) in steps {
        let step = AppliedStep {
            key,
            action_step_id,
        };
        of.entry(id).or_default().push(step);
    }
    let with = |row: ApplicationRow| {
        let steps = of.remove(&row.id).unwrap_or_default();
        row.with(steps)
    };
    Ok(rows.into_iter().map(with).collect())
}

statement! {
    Insert {
        id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, playbook_id: Uuid => SqlUuid, version: i32 => Integer, partnership_id: Uuid => SqlUuid,
        introduction_id: Option<Uuid> => Nullable<SqlUuid>, start_on: Date => SqlDate, applied_by: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Bool,
    "INSERT INTO playbook_applications (id, firm_id, playbook_id, playbook_version, partnership_id, introduction_id, start_on, applied_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING true"
}

/// Keeps that a version of a playbook was laid out.
pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    (id, (playbook_id, version)): (Uuid, (Uuid, i32)),
    (party, wanted): (&Party, &Wanted),
    now: Timestamp,
) -> ApiResult<()> {
    let insert = Insert {
        id,
        firm_id: caller.firm_id,
        playbook_id,
        version,
        partnership_id: party.partnership_id,
        introduction_id: wanted.introduction_id,
        start_on: wanted.start_on,
        applied_by: caller.actor_id(),
        now,
    };
    let _made: bool = insert.get_result(&mut &**tx).await?;
    Ok(())
}

statement! {
    InsertSteps<'a> { id: Uuid => SqlUuid, steps: Vec<Uuid> => Array<SqlUuid>, keys: Vec<&'a str> => Array<Text> } -> Bool,
    "INSERT INTO playbook_application_steps (application_id, step_id, key, place)
     SELECT $1, step, key, place FROM unnest($2, $3) WITH ORDINALITY AS given (step, key, place) RETURNING true"
}

/// Keeps which steps were laid out.
pub(super) async fn insert_steps(tx: &Tx, id: Uuid, laid: &[Laid<'_>]) -> ApiResult<()> {
    let insert = InsertSteps {
        id,
        steps: laid.iter().map(|one| one.id).collect(),
        keys: laid.iter().map(|one| one.step.key.as_str()).collect(),
    };
    let _made: Vec<bool> = insert.load(&mut &**tx).await?;
    Ok(())
}

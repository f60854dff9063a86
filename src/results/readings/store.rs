//! The table of readings.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{BigInt, Date as SqlDate, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::MetricReading;
use crate::parties::Party;
use crate::platform::auth::Caller;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, MetricKey, Timestamp};
use crate::statement;

macro_rules! columns {
    () => {
        "r.id, r.partnership_id, r.key, r.measured_on, r.figure, r.firm_id, r.reported_by, r.created_at"
    };
}

type Columns = (
    SqlUuid,
    SqlUuid,
    Text,
    SqlDate,
    BigInt,
    SqlUuid,
    SqlUuid,
    Timestamptz,
);

#[derive(Debug, Queryable)]
struct ReadingRow {
    id: Uuid,
    partnership_id: Uuid,
    key: MetricKey,
    measured_on: Date,
    figure: i64,
    firm_id: Uuid,
    reported_by: Uuid,
    created_at: Timestamp,
}

impl From<ReadingRow> for MetricReading {
    fn from(row: ReadingRow) -> Self {
        Self {
            id: row.id,
            partnership_id: row.partnership_id,
            key: row.key,
            measured_on: row.measured_on,
            figure: row.figure,
            reported_by_firm_id: row.firm_id,
            reported_by: row.reported_by,
            created_at: row.created_at,
            version: 1,
        }
    }
}

statement! {
    Find { firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid } -> Columns,
    concat!("SELECT ", columns!(), " FROM metric_readings r
       JOIN partnerships p ON p.id = r.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id) WHERE r.id = $2")
}

pub async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<MetricReading>> {
    let row: Option<ReadingRow> = Find { firm_id, id }
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(MetricReading::from))
}

/// Newest first; of a partnership that the caller is known to be a party to.
pub async fn list(
    conn: &Conn,
    partnership_id: Uuid,
    key: Option<&MetricKey>,
    after: Option<Uuid>,
    rows: i64,
) -> ApiResult<Vec<MetricReading>> {
    let mut query = Assembled::<Columns>::new();
    let also = query.also([
        ("r.partnership_id =", Some(Bind::Uuid(partnership_id))),
        ("r.key =", key.map(|key| Bind::Text(key.to_string()))),
        ("r.id <", after.map(Bind::Uuid)),
    ]);
    let rows = query.bind(Bind::Count(rows));
    let text = format!(
        concat!(
            "SELECT ",
            columns!(),
            " FROM metric_readings r WHERE true{} ORDER BY r.id DESC LIMIT {}"
        ),
        also, rows
    );
    let rows: Vec<ReadingRow> = query.sql(&text).load(&mut &*conn).await?;
    Ok(rows.into_iter().map(MetricReading::from).collect())
}

/// What is reported.
pub struct Reading<'a> {
    pub id: Uuid,
    pub key: &'a str,
    pub measured_on: Date,
    pub figure: i64,
}

statement! {
    Insert<'a> {
        firm_id: Uuid => SqlUuid, id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, key: &'a str => Text, measured_on: Date => SqlDate,
        figure: i64 => BigInt, reported_by: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Columns,
    concat!(
        "WITH r AS (
           INSERT INTO metric_readings (id, partnership_id, key, measured_on, figure, firm_id, reported_by, created_at)
           VALUES ($2, $3, $4, $5, $6, $1, $7, $8) RETURNING *)
         SELECT ", columns!(), " FROM r"
    )
}

/// Keeps what the caller's party reports.
pub async fn insert(
    tx: &Tx,
    caller: &Caller,
    party: &Party,
    reading: &Reading<'_>,
    now: Timestamp,
) -> ApiResult<MetricReading> {
    let insert = Insert {
        firm_id: party.us,
        id: reading.id,
        partnership_id: party.partnership_id,
        key: reading.key,
        measured_on: reading.measured_on,
        figure: reading.figure,
        reported_by: caller.actor_id(),
        now,
    };
    let row: ReadingRow = insert.get_result(&mut &**tx).await?;
    Ok(row.into())
}

//! The table of terms.

use diesel::OptionalExtension;
use diesel::prelude::Queryable;
use diesel::sql_types::{
    BigInt, Bool, Date as SqlDate, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Compensation, CompensationKind, PartnershipTerms, Payer};
use crate::parties::Party;
use crate::platform::auth::Caller;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Currency, Date, Money, Timestamp};
use crate::statement;

/// The columns of a version, for the firm `$2`.
macro_rules! columns {
    () => {
        "SELECT version, exclusive, clients_informed, review_on, compensation_kind, compensation_basis_points,
                compensation_amount_minor, compensation_currency, compensation_paid_by_firm_id = $2,
                compensation_disclosed, compensation_note, changed_by_firm_id, changed_by, changed_at
           FROM partnership_terms WHERE partnership_id = $1"
    };
}

type Columns = (
    Integer,
    Nullable<Bool>,
    Nullable<Bool>,
    Nullable<SqlDate>,
    Nullable<Text>,
    Nullable<Integer>,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<Bool>,
    Nullable<Bool>,
    Nullable<Text>,
    SqlUuid,
    SqlUuid,
    Timestamptz,
);

#[derive(Debug, Queryable)]
struct TermsRow {
    version: i32,
    exclusive: Option<bool>,
    clients_informed: Option<bool>,
    review_on: Option<Date>,
    kind: Option<CompensationKind>,
    basis_points: Option<i32>,
    amount_minor: Option<i64>,
    currency: Option<Currency>,
    is_paid_by_us: Option<bool>,
    disclosed: Option<bool>,
    note: Option<String>,
    changed_by_firm_id: Uuid,
    changed_by: Uuid,
    changed_at: Timestamp,
}

impl TermsRow {
    fn of(self, partnership_id: Uuid) -> PartnershipTerms {
        let payer = |is_us: bool| if is_us { Payer::Us } else { Payer::Them };
        let compensation = self.kind.map(|kind| Compensation {
            kind,
            basis_points: self.basis_points,
            amount: Money::from_columns(self.amount_minor, self.currency),
            paid_by: self.is_paid_by_us.map(payer),
            disclosed_to_clients: self.disclosed,
            note: self.note,
        });
        PartnershipTerms {
            exclusive: self.exclusive,
            clients_informed: self.clients_informed,
            review_on: self.review_on,
            compensation,
            changed_by_firm_id: Some(self.changed_by_firm_id),
            changed_by: Some(self.changed_by),
            changed_at: Some(self.changed_at),
            version: self.version,
            ..PartnershipTerms::unwritten(partnership_id)
        }
    }
}

statement! {
    Find { partnership_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid } -> Columns,
    concat!(columns!(), " ORDER BY version DESC LIMIT 1")
}

/// The version in force.
pub(super) async fn find(conn: &Conn, party: &Party) -> ApiResult<PartnershipTerms> {
    let (partnership_id, firm_id) = (party.partnership_id, party.us);
    let row: Option<TermsRow> = Find {
        partnership_id,
        firm_id,
    }
    .get_result(&mut &*conn)
    .await
    .optional()?;
    Ok(row.map_or_else(
        || PartnershipTerms::unwritten(partnership_id),
        |row| row.of(partnership_id),
    ))
}

statement! {
    List { partnership_id: Uuid => SqlUuid, firm_id: Uuid => SqlUuid, before: i32 => Integer, rows: i64 => BigInt } -> Columns,
    concat!(columns!(), " AND version < $3 ORDER BY version DESC LIMIT $4")
}

/// The versions before one, newest first.
pub(super) async fn list(
    conn: &Conn,
    party: &Party,
    before: Option<i32>,
    rows: i64,
) -> ApiResult<Vec<PartnershipTerms>> {
    let list = List {
        partnership_id: party.partnership_id,
        firm_id: party.us,
        before: before.unwrap_or(i32::MAX),
        rows,
    };
    let rows: Vec<TermsRow> = list.load(&mut &*conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| row.of(party.partnership_id))
        .collect())
}

statement! {
    Insert<'a> {
        partnership_id: Uuid => SqlUuid, after: i32 => Integer, exclusive: Option<bool> => Nullable<Bool>,
        clients_informed: Option<bool> => Nullable<Bool>, review_on: Option<Date> => Nullable<SqlDate>,
        kind: Option<CompensationKind> => Nullable<Text>, basis_points: Option<i32> => Nullable<Integer>,
        amount_minor: Option<i64> => Nullable<BigInt>, currency: Option<&'a Currency> => Nullable<Text>,
        paid_by: Option<Uuid> => Nullable<SqlUuid>, disclosed: Option<bool> => Nullable<Bool>,
        note: Option<&'a str> => Nullable<Text>, firm_id: Uuid => SqlUuid, changed_by: Uuid => SqlUuid, now: Timestamp => Timestamptz,
    } -> Integer,
    "INSERT INTO partnership_terms (partnership_id, version, exclusive, clients_informed, review_on, compensation_kind,
                                    compensation_basis_points, compensation_amount_minor, compensation_currency,
                                    compensation_paid_by_firm_id, compensation_disclosed, compensation_note,
                                    changed_by_firm_id, changed_by, changed_at)
     VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     ON CONFLICT (partnership_id, version) DO NOTHING
     RETURNING version"
}

/// Writes the version after the one that these were read from; `None` when somebody was faster.
pub(super) async fn insert(
    tx: &Tx,
    caller: &Caller,
    party: &Party,
    terms: &PartnershipTerms,
    now: Timestamp,
) -> ApiResult<Option<i32>> {
    let compensation = terms.compensation.as_ref();
    let amount = compensation.and_then(|one| one.amount.as_ref());
    let paid_by = compensation.and_then(|one| one.paid_by);
    let insert = Insert {
        partnership_id: party.partnership_id,
        after: terms.version,
        exclusive: terms.exclusive,
        clients_informed: terms.clients_informed,
        review_on: terms.review_on,
        kind: compensation.map(|one| one.kind),
        basis_points: compensation.and_then(|one| one.basis_points),
        amount_minor: amount.map(|amount| amount.amount_minor),
        currency: amount.map(|amount| &amount.currency),
        paid_by: paid_by.map(|payer| match payer {
            Payer::Us => party.us,
            Payer::Them => party.them,
        }),
        disclosed: compensation.and_then(|one| one.disclosed_to_clients),
        note: compensation.and_then(|one| one.note.as_deref()),
        firm_id: party.us,
        changed_by: caller.actor_id(),
        now,
    };
    Ok(insert.get_result(&mut &**tx).await.optional()?)
}

//! Reads the table of disclosures, which the statements of introductions write.

use diesel::Queryable;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Disclosure, DisclosureDirection};
use crate::platform::db::Conn;
use crate::platform::db::statement::{Assembled, Bind};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

type Columns = (
    BigInt,
    Bool,
    SqlUuid,
    Nullable<SqlUuid>,
    SqlUuid,
    Text,
    SqlUuid,
    SqlUuid,
    Timestamptz,
);

#[derive(Debug, Queryable)]
struct DisclosureRow {
    seq: i64,
    is_given: bool,
    principal_id: Uuid,
    client_id: Option<Uuid>,
    introduction_id: Uuid,
    reference: String,
    consent_id: Uuid,
    partner_firm_id: Uuid,
    disclosed_at: Timestamp,
}

impl From<DisclosureRow> for Disclosure {
    fn from(row: DisclosureRow) -> Self {
        Self {
            sequence: row.seq,
            direction: if row.is_given {
                DisclosureDirection::Given
            } else {
                DisclosureDirection::Received
            },
            principal_id: row.principal_id,
            client_id: row.client_id,
            introduction_id: row.introduction_id,
            reference: row.reference,
            consent_id: row.consent_id,
            partner_firm_id: row.partner_firm_id,
            disclosed_at: row.disclosed_at,
        }
    }
}

/// Which disclosures.
pub(super) struct ListFilter {
    pub direction: Option<DisclosureDirection>,
    pub principal_id: Option<Uuid>,
    pub client_id: Option<Uuid>,
    pub introduction_id: Option<Uuid>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub before: Option<i64>,
    pub rows: i64,
}

/// Newest first. What a firm gave and what it received are each read in the order of their own index.
pub(super) async fn list(
    conn: &Conn,
    firm_id: Uuid,
    filter: ListFilter,
) -> ApiResult<Vec<Disclosure>> {
    let mut query = Assembled::<Columns>::new();
    query.bind(Bind::Uuid(firm_id));
    let also = query.also([
        ("p.principal_id =", filter.principal_id.map(Bind::Uuid)),
        (
            "p.introduction_id =",
            filter.introduction_id.map(Bind::Uuid),
        ),
        ("p.disclosed_at >=", filter.from.map(Bind::Timestamp)),
        ("p.disclosed_at <", filter.until.map(Bind::Timestamp)),
        ("p.seq <", filter.before.map(Bind::Count)),
    ]);
    // A partner's client has no id here.
    let client = filter
        .client_id
        .map(|id| format!(" AND p.client_id = {}", query.bind(Bind::Uuid(id))));
    let rows = query.bind(Bind::Count(filter.rows));
    let part = |side: &str, more: &str| {
        format!(
            "(SELECT p.* FROM disclosures p WHERE p.{side} = $1{also}{more} ORDER BY p.seq DESC LIMIT {rows})"
        )
    };
    let given = part("firm_id", client.as_deref().unwrap_or_default());
    let received = part(
        "partner_firm_id",
        client.as_ref().map_or("", |_| " AND false"),
    );
    let source = match filter.direction {
        Some(DisclosureDirection::Given) => given,
        Some(DisclosureDirection::Received) => received,
        None => format!("({given} UNION ALL {received} ORDER BY seq DESC LIMIT {rows})"),
    };
    let query = query
        .sql("SELECT d.seq, d.firm_id = $1, d.principal_id, CASE WHEN d.firm_id = $1 THEN d.client_id END, d.introduction_id,
                     i.reference, d.consent_id, CASE WHEN d.firm_id = $1 THEN d.partner_firm_id ELSE d.firm_id END, d.disclosed_at
                FROM ")
        .sql(&source)
        .sql(" d JOIN introductions i ON i.id = d.introduction_id ORDER BY d.seq DESC");
    let rows: Vec<DisclosureRow> = query.load(&mut &*conn).await?;
    Ok(rows.into_iter().map(Disclosure::from).collect())
}

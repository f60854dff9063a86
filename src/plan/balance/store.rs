//! The table of versions, as far as it says how balances are told.

use diesel::prelude::Queryable;
use diesel::sql_types::{Double, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::parties::joined;
use crate::plan::BalanceMeasure;
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::statement;

/// How the balance of a partnership is told, by the protocol in force.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct AgreedBalance {
    /// The partnership.
    pub partnership_id: Uuid,
    /// How one-sided it may grow.
    pub threshold: f64,
    /// What is weighed.
    pub measure: BalanceMeasure,
}

statement! {
    ListAgreed { firm_id: Uuid => SqlUuid } -> (SqlUuid, Double, Text),
    concat!(
        "SELECT p.id, (m.body->>'imbalance_threshold')::float8, m.body->>'balance_measure' FROM ", joined!(), " p
          CROSS JOIN LATERAL (
            SELECT v.body FROM plan_versions v
             WHERE v.partnership_id = p.id AND v.section = 'communication_protocol' AND v.state = 'agreed'
             ORDER BY v.number DESC LIMIT 1) m"
    )
}

/// Of all partnerships of a firm in which a protocol is in force.
pub async fn list_agreed(conn: &Conn, firm_id: Uuid) -> ApiResult<Vec<AgreedBalance>> {
    Ok(ListAgreed { firm_id }.load(&mut &*conn).await?)
}

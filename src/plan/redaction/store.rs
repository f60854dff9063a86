//! The tables of plans, as far as a person is taken out of them.

use diesel::Queryable;
use diesel::sql_types::{Bool, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::statement;

/// Something from which a person was taken.
#[derive(Debug, Queryable)]
pub struct Redacted {
    pub id: Uuid,
    pub partnership_id: Uuid,
    pub version: i32,
    pub is_draft: bool,
    pub proposer_firm_id: Uuid,
    pub recipient_firm_id: Uuid,
}

impl Redacted {
    /// Who is told.
    pub fn firms(&self, firm_id: Uuid) -> Vec<Uuid> {
        if self.is_draft {
            vec![firm_id]
        } else {
            vec![self.proposer_firm_id, self.recipient_firm_id]
        }
    }
}

type Columns = (SqlUuid, SqlUuid, Integer, Bool, SqlUuid, SqlUuid);

macro_rules! without {
    ($column:literal) => {
        concat!("regexp_replace(", $column, ", $2, '[erased]', 'gi')")
    };
}

statement! {
    RedactVersions<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text, now: Timestamp => Timestamptz } -> Columns,
    concat!(
        "UPDATE plan_versions v
            SET body = plan_without(v.body, $2), reason = ", without!("v.reason"), ", updated_at = $3, version = v.version + 1
           FROM partnerships p
          WHERE p.id = v.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id)
            AND (v.firm_id = $1 OR v.state <> 'draft') AND (plan_without(v.body, $2) <> v.body OR v.reason ~* $2)
         RETURNING v.id, v.partnership_id, v.version, v.state = 'draft', p.proposer_firm_id, p.recipient_firm_id"
    )
}

pub async fn redact_versions(
    tx: &Tx,
    firm_id: Uuid,
    pattern: &str,
    now: Timestamp,
) -> ApiResult<Vec<Redacted>> {
    let redact = RedactVersions {
        firm_id,
        pattern,
        now,
    };
    Ok(redact.load(&mut &**tx).await?)
}

statement! {
    RedactDecisions<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text } -> Columns,
    concat!(
        "UPDATE plan_decisions d SET reason = ", without!("d.reason"), "
           FROM partnerships p
          WHERE p.id = d.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id) AND d.reason ~* $2
         RETURNING d.id, d.partnership_id, 1, false, p.proposer_firm_id, p.recipient_firm_id"
    )
}

pub async fn redact_decisions(tx: &Tx, firm_id: Uuid, pattern: &str) -> ApiResult<Vec<Redacted>> {
    let redact = RedactDecisions { firm_id, pattern };
    Ok(redact.load(&mut &**tx).await?)
}

statement! {
    RedactWaivers<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text } -> Columns,
    concat!(
        "UPDATE plan_waivers w SET reason = ", without!("w.reason"), ", version = w.version + 1
           FROM partnerships p
          WHERE p.id = w.partnership_id AND $1 IN (p.proposer_firm_id, p.recipient_firm_id) AND w.reason ~* $2
         RETURNING w.id, w.partnership_id, w.version, false, p.proposer_firm_id, p.recipient_firm_id"
    )
}

pub async fn redact_waivers(tx: &Tx, firm_id: Uuid, pattern: &str) -> ApiResult<Vec<Redacted>> {
    let redact = RedactWaivers { firm_id, pattern };
    Ok(redact.load(&mut &**tx).await?)
}

//! The table of the versions of playbooks, as far as a person is taken out of it.

use diesel::Queryable;
use diesel::sql_types::{Integer, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::statement;

/// A playbook from which something was taken.
#[derive(Debug, Queryable)]
pub struct Redacted {
    pub id: Uuid,
    /// Its last version, whichever of them was touched.
    pub version: i32,
}

macro_rules! without {
    ($text:literal) => {
        concat!("regexp_replace(", $text, ", $2, '[erased]', 'gi')")
    };
}

statement! {
    Redact<'a> { firm_id: Uuid => SqlUuid, pattern: &'a str => Text } -> (SqlUuid, Integer),
    concat!(
        "WITH touched AS (
           UPDATE playbook_versions v
              SET name = ", without!("v.name"), ", description = ", without!("v.description"), ", steps = told.steps
             FROM playbooks p
             JOIN playbook_versions own ON own.playbook_id = p.id
            CROSS JOIN LATERAL (
              SELECT coalesce(jsonb_agg(s.step || jsonb_build_object(
                       'title', ", without!("s.step ->> 'title'"), ",
                       'detail', ", without!("s.step ->> 'detail'"), ",
                       'topic', ", without!("s.step ->> 'topic'"), ") ORDER BY s.place), '[]') AS steps
                FROM jsonb_array_elements(own.steps) WITH ORDINALITY s (step, place)) told
            WHERE p.firm_id = $1 AND v.playbook_id = p.id AND v.version = own.version
              AND (v.name ~* $2 OR v.description ~* $2 OR told.steps <> v.steps)
           RETURNING p.id, p.version)
         SELECT DISTINCT id, version FROM touched"
    )
}

/// Takes what a pattern finds out of a firm's playbooks; gives those that were touched.
pub async fn redact(tx: &Tx, firm_id: Uuid, pattern: &str) -> ApiResult<Vec<Redacted>> {
    let redact = Redact { firm_id, pattern };
    Ok(redact.load(&mut &**tx).await?)
}

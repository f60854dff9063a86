//! Reads what is weighed: the figures and traits of a firm's own clients.

use diesel::prelude::Queryable;
use diesel::sql_types::{Array, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::Known;
use crate::parties::Party;
use crate::platform::db::Conn;
use crate::platform::db::columns::RawJson;
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::Name;
use crate::statement;

/// Figures and traits as a record has them.
pub fn known(attributes: &RawJson, traits: Vec<String>) -> ApiResult<Known> {
    let figures = serde_json::from_str(attributes.get())
        .map_err(|error| Error::broken(format!("figures that can't be read: {error}")))?;
    Ok(Known { figures, traits })
}

/// A client who could be introduced.
#[derive(Debug, Queryable)]
pub(super) struct CandidateRow {
    pub id: Uuid,
    pub name: Name,
    pub attributes: RawJson,
    pub traits: Vec<String>,
    pub open_introduction_id: Option<Uuid>,
}

statement! {
    List { firm_id: Uuid => SqlUuid, partner_firm_id: Uuid => SqlUuid, client_id: Option<Uuid> => Nullable<SqlUuid> } -> (SqlUuid, Text, Jsonb, Array<Text>, Nullable<SqlUuid>),
    "SELECT c.id, c.name, c.attributes, c.traits, i.id
       FROM clients c
       LEFT JOIN introductions i ON i.client_id = c.id AND i.receiver_firm_id = $2
            AND i.stage IN ('draft', 'offered', 'accepted', 'introduced', 'meeting_set', 'met')
      WHERE c.firm_id = $1 AND c.erased_at IS NULL AND ($3 IS NULL OR c.id = $3)"
}

/// All of a party's clients, or one of them, with the open introduction to the other party where there is
/// one.
pub(super) async fn list(
    conn: &Conn,
    party: &Party,
    client_id: Option<Uuid>,
) -> ApiResult<Vec<CandidateRow>> {
    let list = List {
        firm_id: party.us,
        partner_firm_id: party.them,
        client_id,
    };
    Ok(list.load(&mut &*conn).await?)
}

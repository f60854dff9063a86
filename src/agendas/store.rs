//! Reads what is open in a partnership. Nothing of a client is read: an introduction is told by its reference, and not to
//! whom it is not offered yet.

use diesel::prelude::Queryable;
use diesel::sql_types::{Bool, Date as SqlDate, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::action_steps::{ConversationChannel, StepKind};
use crate::parties::Party;
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Timestamp};
use crate::statement;

const OFFERS: &str = "
    SELECT i.id, i.reference, i.introducer_firm_id = $1, i.offered_at
      FROM introductions i
     WHERE i.partnership_id = $2 AND i.stage = 'offered' AND i.offered_at IS NOT NULL
     ORDER BY i.offered_at, i.id LIMIT 200";

const STEPS: &str = "
    SELECT s.id, s.kind, s.title, s.topic, s.channel, s.owner_firm_id = $1, s.owner_member_id, s.due_on, i.reference
      FROM action_steps s
      LEFT JOIN introductions i ON i.id = s.introduction_id AND (i.introducer_firm_id = $1 OR i.offered_at IS NOT NULL)
     WHERE s.partnership_id = $2 AND s.state IN ('planned', 'in_progress') AND s.due_on < $3
     ORDER BY s.due_on, s.id LIMIT 200";

/// An introduction that waits for an answer.
#[derive(Clone, Debug, Queryable)]
pub struct Offer {
    pub id: Uuid,
    pub reference: String,
    pub is_ours: bool,
    pub offered_at: Timestamp,
}

/// A step that was promised.
#[derive(Clone, Debug, Queryable)]
pub struct Step {
    pub id: Uuid,
    pub kind: StepKind,
    pub title: String,
    pub topic: Option<String>,
    pub channel: Option<ConversationChannel>,
    pub is_ours: bool,
    pub member_id: Option<Uuid>,
    pub due_on: Date,
    pub reference: Option<String>,
}

statement! {
    ListOffers { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid } -> (SqlUuid, Text, Bool, Timestamptz), OFFERS
}

statement! {
    ListSteps { firm_id: Uuid => SqlUuid, partnership_id: Uuid => SqlUuid, before: Date => SqlDate }
        -> (SqlUuid, Text, Text, Nullable<Text>, Nullable<Text>, Bool, Nullable<SqlUuid>, SqlDate, Nullable<Text>),
    STEPS
}

/// The introductions of a partnership that wait for an answer, and the steps that were promised for before a date.
pub(super) async fn list_open(
    conn: &Conn,
    party: &Party,
    before: Date,
) -> ApiResult<(Vec<Offer>, Vec<Step>)> {
    let (firm_id, partnership_id) = (party.us, party.partnership_id);
    let offers = ListOffers {
        firm_id,
        partnership_id,
    };
    let steps = ListSteps {
        firm_id,
        partnership_id,
        before,
    };
    // Sent together, they take one round trip.
    let (mut one, mut other) = (conn, conn);
    Ok(futures_util::try_join!(
        offers.load::<Offer>(&mut one),
        steps.load::<Step>(&mut other)
    )?)
}

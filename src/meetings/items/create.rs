//! Writes an agenda item.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::AgendaItem;
use super::store;
use crate::changes;
use crate::meetings::model::{MeetingState, MeetingTopic};
use crate::meetings::policy;
use crate::parties::{self, PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Timestamp;

/// So many open items a party has in a partnership at most.
const MOST: i64 = 200;

pub struct BringUp;

impl Action for BringUp {
    const RULE: Rule = policy::PREPARE;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Something to speak about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Who speaks first at the seminar in May?", "topic": "service_models"}))]
pub struct CreateAgendaItem {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// What it is. Both parties read it: name no client.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub title: String,
    /// More about it. Both parties read it: name no client.
    #[schema(min_length = 1, max_length = 5000)]
    pub detail: Option<String>,
    /// The element of the agreement that it belongs to.
    pub topic: Option<MeetingTopic>,
    /// The planned meeting on whose agenda it is to stand; the next one unless told.
    pub meeting_id: Option<Uuid>,
    /// Whether it goes to the parking lot, and so on no agenda yet.
    #[serde(default)]
    pub parked: bool,
}

/// Write an agenda item.
///
/// Either party, for the next meeting, for a certain one, or for the parking lot.
#[utoipa::path(tag = "meetings", params(PartnershipPath),
    security(("person" = []), ("machine" = [BringUp::SCOPE])),
    responses((status = 201, description = "The item.", body = AgendaItem)))]
#[post("/v1/partnerships/{partnership_id}/agenda-items")]
pub async fn create_agenda_item(
    partnership: Allowed<BringUp>,
    Json(body): Json<CreateAgendaItem>,
    app: App,
) -> ApiResult<Answer<AgendaItem>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    let id = body.id.unwrap_or_else(|| app.ids.id(now));
    partnership
        .once(StatusCode::CREATED, async |tx| {
            create(tx, caller, (id, &partnership), &body, now).await
        })
        .await
}

/// Writes an item of a party.
pub async fn create(
    tx: &Tx,
    caller: &Caller,
    (id, party): (Uuid, &Party),
    body: &CreateAgendaItem,
    now: Timestamp,
) -> ApiResult<AgendaItem> {
    let held = parties::hold(tx, party.partnership_id, caller.firm_id).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    let words = store::Words {
        meeting_id: body.meeting_id,
        topic: body.topic,
        title: body.title.trim(),
        detail: body.detail.as_deref(),
        is_parked: body.parked,
    };
    if store::count_open(tx, &party).await? >= MOST {
        return Err(Problem::state_forbids("full", &["resolve", "delete"]).into());
    }
    must_fit(tx, party.partnership_id, &words).await?;
    let made = store::insert(tx, caller, (id, &party), &words, now).await?;
    let who = (caller.firm_id, Some(caller.actor_id()));
    changes::record(tx, made.done(who, "created", now)).await?;
    Ok(made)
}

/// Refuses an item for a meeting that is not planned in the partnership, or for one and the parking lot at once.
pub(super) async fn must_fit(
    tx: &Tx,
    partnership_id: Uuid,
    words: &store::Words<'_>,
) -> ApiResult<()> {
    let Some(meeting_id) = words.meeting_id else {
        return Ok(());
    };
    let (code, detail) = match store::hold_state(tx, partnership_id, meeting_id).await? {
        None => ("unknown", "The partnership has no such meeting."),
        Some(MeetingState::Planned) if words.is_parked => {
            ("not_of_kind", "What is in the parking lot is on no agenda.")
        }
        Some(MeetingState::Planned) => return Ok(()),
        Some(_) => ("not_planned", "It is not planned any more."),
    };
    Err(Problem::invalid_field("/meeting_id", code, detail).into())
}

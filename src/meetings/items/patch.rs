//! Edits an agenda item.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::create::must_fit;
use super::get::AgendaItemPath;
use super::model::AgendaItem;
use super::store;
use crate::changes;
use crate::meetings::model::MeetingTopic;
use crate::meetings::policy;
use crate::parties;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, present, stale};
use crate::platform::values::Timestamp;

pub struct EditItem;

impl Action for EditItem {
    const RULE: Rule = policy::PREPARE;
    type Path = AgendaItemPath;
    type Subject = AgendaItem;

    fn judge(_: &Caller, item: &AgendaItem) -> Verdict {
        policy::may_edit_item(item.party)
    }
}

/// Changes to an agenda item (RFC 7396): what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Who speaks first, and who answers questions?"}))]
pub struct PatchAgendaItem {
    /// What it is. Both parties read it: name no client.
    #[schema(nullable = false, min_length = 1, max_length = 200, pattern = r"\S")]
    pub title: Option<String>,
    /// More about it. Both parties read it: name no client.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 5000)]
    pub detail: Option<Option<String>>,
    /// The element of the agreement that it belongs to.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<MeetingTopic>)]
    pub topic: Option<Option<MeetingTopic>>,
    /// The planned meeting on whose agenda it is to stand; `null` for the next one.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    pub meeting_id: Option<Option<Uuid>>,
    /// Whether it is in the parking lot, and so on no agenda.
    #[schema(nullable = false)]
    pub parked: Option<bool>,
}

/// Edit an agenda item.
///
/// The party that wrote it, while it is open, with `If-Match`. Also how it gets into the parking lot and out again.
#[utoipa::path(tag = "meetings", params(AgendaItemPath),
    security(("person" = []), ("machine" = [EditItem::SCOPE])),
    responses((status = 200, description = "The item.", body = AgendaItem)))]
#[patch("/v1/agenda-items/{agenda_item_id}")]
pub async fn patch_agenda_item(
    item: Allowed<EditItem>,
    Json(body): Json<PatchAgendaItem>,
    app: App,
) -> ApiResult<Answer<AgendaItem>> {
    item.unchanged()?;
    let (caller, now) = (item.caller(), app.clock.now());
    let changed = app
        .db
        .write(async |tx| edit(tx, caller, &item, &body, now).await)
        .await?;
    Ok(Answer::ok(changed))
}

async fn edit(
    tx: &Tx,
    caller: &Caller,
    item: &AgendaItem,
    body: &PatchAgendaItem,
    now: Timestamp,
) -> ApiResult<AgendaItem> {
    let held = parties::hold(tx, item.partnership_id, caller.firm_id).await?;
    held.ok_or_else(Problem::not_found)?;
    let is_parked = body.parked.unwrap_or(item.parked);
    // What goes to the parking lot leaves its agenda.
    let stays_on = item.meeting_id.filter(|_| !is_parked);
    let title = body.title.as_deref().map_or(item.title.as_str(), str::trim);
    let words = store::Words {
        meeting_id: body.meeting_id.unwrap_or(stays_on),
        topic: body.topic.unwrap_or(item.topic),
        title,
        detail: body.detail.as_ref().unwrap_or(&item.detail).as_deref(),
        is_parked,
    };
    if body.meeting_id.is_some() {
        must_fit(tx, item.partnership_id, &words).await?;
    }
    let place = (item.id, item.version);
    let Some(changed) = store::edit(tx, caller.firm_id, place, &words, now).await? else {
        let current = store::find(tx, caller.firm_id, item.id).await?;
        let current = current.ok_or_else(Problem::not_found)?;
        return unchanged_or_refused(item, current);
    };
    let who = (caller.firm_id, Some(caller.actor_id()));
    changes::record(tx, changed.done(who, "updated", now)).await?;
    Ok(changed)
}

/// Nothing was changed: because somebody was faster, it is resolved, or it is like that already.
fn unchanged_or_refused(before: &AgendaItem, current: AgendaItem) -> ApiResult<AgendaItem> {
    if current.version != before.version {
        Err(stale(&current))
    } else if current.resolved_at.is_some() {
        Err(Problem::state_forbids(current.state(), &[]).into())
    } else {
        Ok(current)
    }
}

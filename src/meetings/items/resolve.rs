//! Resolves an agenda item.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::AgendaItemPath;
use super::model::AgendaItem;
use super::store;
use crate::meetings::model::MeetingState;
use crate::meetings::policy;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::{changes, parties};

pub struct SettleItem;

impl Action for SettleItem {
    const RULE: Rule = policy::PREPARE;
    type Path = AgendaItemPath;
    type Subject = AgendaItem;
}

/// What came of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resolution": "Dana opens, Sam answers questions."}))]
pub struct ResolveAgendaItem {
    /// What came of it. Both parties read it: name no client.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub resolution: Option<String>,
    /// The meeting that resolved it; unless told the last one that was held within a day, or else the one on whose agenda
    /// it stands.
    pub meeting_id: Option<Uuid>,
}

/// Resolve an agenda item.
///
/// Either party, once. The element of the agreement that it belongs to is then covered by the meeting.
#[utoipa::path(tag = "meetings", params(AgendaItemPath),
    security(("person" = []), ("machine" = [SettleItem::SCOPE])),
    responses((status = 200, description = "The item.", body = AgendaItem)))]
#[post("/v1/agenda-items/{agenda_item_id}/resolve")]
pub async fn resolve_agenda_item(
    item: Allowed<SettleItem>,
    Json(body): Json<ResolveAgendaItem>,
    app: App,
) -> ApiResult<Answer<AgendaItem>> {
    let (caller, now) = (item.caller(), app.clock.now());
    item.once(StatusCode::OK, async |tx| {
        let held = parties::hold(tx, item.partnership_id, caller.firm_id).await?;
        held.ok_or_else(Problem::not_found)?;
        if let Some(meeting_id) = body.meeting_id {
            must_be_able(tx, item.partnership_id, meeting_id).await?;
        }
        let what = (item.id, body.meeting_id);
        let resolved = store::resolve(tx, caller, what, body.resolution.as_deref(), now).await?;
        let Some(resolved) = resolved else {
            let current = store::find(tx, caller.firm_id, item.id).await?;
            let current = current.ok_or_else(Problem::not_found)?;
            return Err(Problem::state_forbids(current.state(), &[]).into());
        };
        let who = (caller.firm_id, Some(caller.actor_id()));
        changes::record(tx, resolved.done(who, "resolve", now)).await?;
        Ok(resolved)
    })
    .await
}

/// Refuses a meeting that is none of the partnership, or that was left out.
async fn must_be_able(tx: &Tx, partnership_id: Uuid, meeting_id: Uuid) -> ApiResult<()> {
    let (code, detail) = match store::hold_state(tx, partnership_id, meeting_id).await? {
        None => ("unknown", "The partnership has no such meeting."),
        Some(MeetingState::Planned | MeetingState::Held) => return Ok(()),
        Some(_) => ("not_of_state", "It was skipped or cancelled."),
    };
    Err(Problem::invalid_field("/meeting_id", code, detail).into())
}

//! Writes a playbook.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Playbook, PlaybookStep, PlaybookSubject, Script};
use super::{policy, store};
use crate::changes;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, NoPath};
use crate::platform::values::{Name, Timestamp};

pub(super) struct WritePlaybook;

impl Action for WritePlaybook {
    const RULE: Rule = policy::PREPARE;
    type Path = NoPath;
    type Subject = ();
}

/// A new playbook.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "After an introduction", "description": "What follows on every introduction.", "applies_to": "introduction", "steps": [
    {"key": "call", "title": "Call the client", "detail": null, "owner": "receiver", "kind": "client_conversation", "channel": "phone", "topic": "What brings you to us", "after": [{"key": null, "lag": {"count": 1, "unit": "business_days"}}], "length_days": 1},
    {"key": "thanks", "title": "Thank the introducer", "detail": null, "owner": "receiver", "kind": "follow_up", "channel": null, "topic": null, "after": [{"key": "call", "lag": {"count": 2, "unit": "days"}}], "length_days": 1}]}))]
pub struct CreatePlaybook {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// What it is called.
    pub name: Name,
    /// What it is for.
    #[schema(min_length = 1, max_length = 5000)]
    pub description: Option<String>,
    /// Whose timeline it lays out.
    pub applies_to: PlaybookSubject,
    /// Whether its dates fall on business days alone; they do unless told.
    #[schema(nullable = false)]
    pub skips_days_off: Option<bool>,
    /// Its steps, in their order.
    #[schema(min_items = 1, max_items = 50)]
    pub steps: Vec<PlaybookStep>,
}

/// Write a playbook.
///
/// A template of a whole timeline, which your firm alone sees.
#[utoipa::path(tag = "playbooks", security(("person" = []), ("machine" = [WritePlaybook::SCOPE])),
    responses((status = 201, description = "The playbook.", body = Playbook)))]
#[post("/v1/playbooks")]
pub(super) async fn create_playbook(
    firm: Allowed<WritePlaybook>,
    Json(body): Json<CreatePlaybook>,
    app: App,
) -> ApiResult<Answer<Playbook>> {
    let (caller, now) = (firm.caller(), app.clock.now());
    let id = body.id.unwrap_or_else(|| app.ids.id(now));
    let script = Script {
        name: body.name,
        description: body.description,
        applies_to: body.applies_to,
        skips_days_off: body.skips_days_off.unwrap_or(true),
        steps: body.steps,
    };
    let complaints = script.complaints();
    if !complaints.is_empty() {
        return Err(Problem::invalid(complaints).into());
    }
    firm.once(StatusCode::CREATED, async |tx| {
        create(tx, caller, id, &script, now).await
    })
    .await
}

/// Writes a playbook of a firm, whose script nothing is complained of.
pub async fn create(
    tx: &Tx,
    caller: &Caller,
    id: Uuid,
    script: &Script,
    now: Timestamp,
) -> ApiResult<Playbook> {
    store::insert(tx, caller, id, now).await?;
    store::insert_version(tx, caller, (id, 1), script, now).await?;
    let made = store::find(tx, caller.firm_id, id).await?;
    let made = made.ok_or_else(Problem::not_found)?;
    changes::record(tx, made.done(caller, "created", now)).await?;
    Ok(made)
}

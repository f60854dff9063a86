//! Writes another version of a playbook.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;

use super::get::PlaybookPath;
use super::model::{Playbook, PlaybookStep, PlaybookSubject, Script};
use super::{policy, store};
use crate::changes;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, present, stale};
use crate::platform::values::{Name, Timestamp};

pub(super) struct ChangePlaybook;

impl Action for ChangePlaybook {
    const RULE: Rule = policy::PREPARE;
    type Path = PlaybookPath;
    type Subject = Playbook;
}

/// Changes to a playbook (RFC 7396): what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "After every introduction", "description": null}))]
pub struct PatchPlaybook {
    /// What it is called.
    #[schema(nullable = false)]
    pub name: Option<Name>,
    /// What it is for.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 5000)]
    pub description: Option<Option<String>>,
    /// Whose timeline it lays out.
    #[schema(nullable = false)]
    pub applies_to: Option<PlaybookSubject>,
    /// Whether its dates fall on business days alone.
    #[schema(nullable = false)]
    pub skips_days_off: Option<bool>,
    /// Its steps as a whole, in their order.
    #[schema(nullable = false, min_items = 1, max_items = 50)]
    pub steps: Option<Vec<PlaybookStep>>,
}

impl PatchPlaybook {
    /// What it says with the changes.
    fn apply(self, before: &Playbook) -> Script {
        let said = before.script();
        Script {
            name: self.name.unwrap_or(said.name),
            description: self.description.unwrap_or(said.description),
            applies_to: self.applies_to.unwrap_or(said.applies_to),
            skips_days_off: self.skips_days_off.unwrap_or(said.skips_days_off),
            steps: self.steps.unwrap_or(said.steps),
        }
    }
}

/// Change a playbook.
///
/// With `If-Match`, so that two people of the firm do not undo each other's work. It makes another version; what
/// was laid out before stays as it is.
#[utoipa::path(tag = "playbooks", params(PlaybookPath),
    security(("person" = []), ("machine" = [ChangePlaybook::SCOPE])),
    responses((status = 200, description = "The playbook.", body = Playbook)))]
#[patch("/v1/playbooks/{playbook_id}")]
pub(super) async fn patch_playbook(
    playbook: Allowed<ChangePlaybook>,
    Json(body): Json<PatchPlaybook>,
    app: App,
) -> ApiResult<Answer<Playbook>> {
    playbook.unchanged()?;
    let (caller, now) = (playbook.caller(), app.clock.now());
    let script = body.apply(&playbook);
    let complaints = script.complaints();
    if !complaints.is_empty() {
        return Err(Problem::invalid(complaints).into());
    }
    let changed = app
        .db
        .write(async |tx| change(tx, caller, &playbook, &script, now).await)
        .await?;
    Ok(Answer::ok(changed))
}

async fn change(
    tx: &Tx,
    caller: &Caller,
    before: &Playbook,
    script: &Script,
    now: Timestamp,
) -> ApiResult<Playbook> {
    let is_same = *script == before.script();
    let seen = (before.id, before.version);
    let counted = match is_same {
        true => None,
        false => store::count_up(tx, caller.firm_id, seen, now).await?,
    };
    if let Some(version) = counted {
        store::insert_version(tx, caller, (before.id, version), script, now).await?;
    }
    let current = store::find(tx, caller.firm_id, before.id).await?;
    let current = current.ok_or_else(Problem::not_found)?;
    if counted.is_some() {
        changes::record(tx, current.done(caller, "updated", now)).await?;
        return Ok(current);
    }
    match current.archived_at {
        _ if current.version != before.version => Err(stale(&current)),
        Some(_) => Err(Problem::state_forbids("archived", &[]).into()),
        None => Ok(current),
    }
}

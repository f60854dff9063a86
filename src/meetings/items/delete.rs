//! Removes an agenda item.

use actix_web::{HttpResponse, delete};

use super::get::AgendaItemPath;
use super::model::AgendaItem;
use super::store;
use crate::meetings::policy;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, no_content};
use crate::{changes, parties};

pub struct TakeOff;

impl Action for TakeOff {
    const RULE: Rule = policy::PREPARE;
    type Path = AgendaItemPath;
    type Subject = AgendaItem;

    fn judge(_: &Caller, item: &AgendaItem) -> Verdict {
        policy::may_edit_item(item.party)
    }
}

/// Remove an agenda item.
///
/// The party that wrote it, while it is open; both find it in the change feed.
#[utoipa::path(tag = "meetings", params(AgendaItemPath),
    security(("person" = []), ("machine" = [TakeOff::SCOPE])),
    responses((status = 204, description = "It is removed."),
        (status = 409, description = "It is resolved, and stays.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json")))]
#[delete("/v1/agenda-items/{agenda_item_id}")]
pub async fn delete_agenda_item(item: Allowed<TakeOff>, app: App) -> ApiResult<HttpResponse> {
    let (caller, now) = (item.caller(), app.clock.now());
    app.db
        .write(async |tx| {
            let held = parties::hold(tx, item.partnership_id, caller.firm_id).await?;
            held.ok_or_else(Problem::not_found)?;
            let Some(version) = store::remove(tx, caller.firm_id, item.id).await? else {
                let current = store::find(tx, caller.firm_id, item.id).await?;
                let current = current.ok_or_else(Problem::not_found)?;
                return Err(Problem::state_forbids(current.state(), &[]).into());
            };
            let who = (caller.firm_id, Some(caller.actor_id()));
            let change = item.done(who, "deleted", now).version(version);
            changes::record(tx, change).await
        })
        .await?;
    Ok(no_content())
}

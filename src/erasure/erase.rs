//! Erases a client.

use actix_web::{HttpResponse, delete};
use uuid::Uuid;

use super::pattern::pattern;
use crate::clients::{self, Client, ClientPath};
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, no_content};
use crate::platform::values::Timestamp;
use crate::{
    action_steps, contacts, introductions, meetings, partnerships, plan, playbooks, reciprocity,
    timelines, touchpoints,
};

pub(super) struct EraseClient;

impl Action for EraseClient {
    const RULE: Rule = Rule::people(Duty::Erase);
    type Path = ClientPath;
    type Subject = Client;
}

/// Erase a client.
///
/// The person is taken out of every record, in your firm and in what you share with partners; what is
/// counted stays. Open introductions are withdrawn, and the partners are told. It can't be undone; a
/// legal hold forbids it.
#[utoipa::path(tag = "clients", params(ClientPath), security(("person" = [])),
    responses((status = 204, description = "The client is erased."),
        (status = 409, description = "A legal hold lies on the record.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json")))]
#[delete("/v1/clients/{client_id}")]
pub(super) async fn erase_client(
    client: Allowed<EraseClient>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now) = (client.caller(), app.clock.now());
    let who = (caller.firm_id, Some(caller.actor_id()));
    app.db
        .write(async |tx| erase(tx, who, client.id, now).await)
        .await?;
    Ok(no_content())
}

/// Erases a client of a firm, for somebody or for the service.
pub(super) async fn erase(
    tx: &Tx,
    who: (Uuid, Option<Uuid>),
    client_id: Uuid,
    now: Timestamp,
) -> ApiResult<()> {
    let identity = clients::hold_identity(tx, who.0, client_id).await?;
    let identity = identity.ok_or_else(Problem::not_found)?;
    if identity.is_held {
        return Err(Problem::state_forbids("held", &["release"]).into());
    }
    let pattern = pattern(&identity);
    let pattern = pattern.as_deref();
    let introductions = introductions::erase_client(tx, who, client_id, pattern, now).await?;
    action_steps::redact(tx, who, &introductions, pattern, now).await?;
    timelines::redact(tx, who, &introductions, pattern, now).await?;
    if let Some(pattern) = pattern {
        partnerships::redact(tx, who, pattern, now).await?;
        reciprocity::redact(tx, who, pattern, now).await?;
        plan::redact(tx, who, pattern, now).await?;
        contacts::redact(tx, who, pattern, now).await?;
        touchpoints::redact(tx, who, pattern, now).await?;
        meetings::redact(tx, who, pattern, now).await?;
        playbooks::redact(tx, who, pattern, now).await?;
    }
    clients::erase(tx, who, client_id, pattern, now).await
}

//! Lays a legal hold on a client's record.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::changes;
use crate::clients::get::ClientPath;
use crate::clients::{Client, events, policy, store};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};

pub struct HoldClient;

impl Action for HoldClient {
    const RULE: Rule = policy::ERASE;
    type Path = ClientPath;
    type Subject = Client;
}

/// Why a record is held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Matter 2026-114: keep until the case is closed."}))]
pub struct LayHold {
    /// The reason. Name no client.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub reason: String,
}

/// Lay a legal hold on a client's record.
///
/// Until it is lifted nobody erases it, and retention passes it by.
#[utoipa::path(tag = "clients", params(ClientPath), security(("person" = [])),
    responses((status = 200, description = "The client.", body = Client)))]
#[post("/v1/clients/{client_id}/hold")]
pub async fn hold_client(
    client: Allowed<HoldClient>,
    Json(body): Json<LayHold>,
    app: App,
) -> ApiResult<Answer<Client>> {
    let (caller, now) = (client.caller(), app.clock.now());
    client
        .once(StatusCode::OK, async |tx| {
            let place = (caller.firm_id, client.id, caller.actor_id());
            let held = store::hold(tx, place, body.reason.trim(), now).await?;
            let held = held.ok_or_else(|| Problem::state_forbids("held", &["release"]))?;
            changes::record(tx, events::done(caller, &held, "hold")).await?;
            Ok(held)
        })
        .await
}

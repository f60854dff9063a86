//! Lifts the legal hold on a client's record.

use actix_web::http::StatusCode;
use actix_web::post;

use super::lay::HoldClient;
use crate::changes;
use crate::clients::get::ClientPath;
use crate::clients::{Client, events, store};
use crate::platform::app::App;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Allowed, Answer};

/// Lift the legal hold on a client's record.
///
/// From then on it can be erased again.
#[utoipa::path(tag = "clients", params(ClientPath), security(("person" = [])),
    responses((status = 200, description = "The client.", body = Client)))]
#[post("/v1/clients/{client_id}/release")]
pub async fn release_client(client: Allowed<HoldClient>, app: App) -> ApiResult<Answer<Client>> {
    let (caller, now) = (client.caller(), app.clock.now());
    client
        .once(StatusCode::OK, async |tx| {
            let released = store::release(tx, caller.firm_id, client.id, now).await?;
            let released = released.ok_or_else(|| Problem::state_forbids("not held", &["hold"]))?;
            changes::record(tx, events::done(caller, &released, "release")).await?;
            Ok(released)
        })
        .await
}

//! Revokes an API client.

use actix_web::{HttpResponse, delete};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{ApiClient, store};
use crate::changes::{self, Change, Kind};
use crate::platform::app::App;
use crate::platform::auth::{self, Caller, Duty, Rule};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, FoundAt, no_content};

pub(super) struct RevokeApiClient;

/// Which API client.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct ApiClientPath {
    /// The API client's id.
    api_client_id: Uuid,
}

impl FoundAt<ApiClientPath> for ApiClient {
    async fn find_at(app: &App, caller: &Caller, path: ApiClientPath) -> ApiResult<Option<Self>> {
        app.db
            .read(async |conn| store::find(conn, caller.firm_id, path.api_client_id).await)
            .await
    }
}

impl Action for RevokeApiClient {
    const RULE: Rule = Rule::people(Duty::Run);
    type Path = ApiClientPath;
    type Subject = ApiClient;
}

/// Revoke an API client.
///
/// Its tokens are refused everywhere within a second.
#[utoipa::path(tag = "api clients", params(ApiClientPath), security(("person" = [])),
    responses((status = 204, description = "It is revoked.")))]
#[delete("/v1/api-clients/{api_client_id}")]
pub(super) async fn revoke_api_client(
    client: Allowed<RevokeApiClient>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now) = (client.caller(), app.clock.now());
    app.db
        .write(async |tx| {
            store::revoke(tx, caller.firm_id, client.id, now)
                .await?
                .ok_or_else(Problem::not_found)?;
            auth::revoke(tx, client.id).await?;
            changes::record(
                tx,
                Change::by(caller, Kind::ApiClient, client.id, "revoke", now).version(2),
            )
            .await
        })
        .await?;
    app.remembered.revoke(client.id);
    Ok(no_content())
}

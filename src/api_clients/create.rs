//! Makes an API client.

use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiClient, NewApiClient, store};
use crate::changes::{self, Change, Kind};
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule, Scope};
use crate::platform::digest;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Json, NoPath};
use crate::platform::values::Name;
use crate::{firms, members};

pub(super) struct RunApiClients;

impl Action for RunApiClients {
    const RULE: Rule = Rule::people(Duty::Run);
    type Path = NoPath;
    type Subject = ();
}

/// A new API client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Salesforce", "scopes": ["clients:write", "introductions:read", "introductions:write"]}))]
pub struct CreateApiClient {
    /// What the firm calls it.
    pub name: Name,
    /// What it may do.
    #[schema(min_items = 1, max_items = 40)]
    pub scopes: Vec<Scope>,
}

/// An API client with its secret, which is told this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedApiClient {
    /// The API client.
    pub api_client: ApiClient,
    /// `client_id` for `POST /oauth/token`: the API client's id.
    pub client_id: uuid::Uuid,
    /// `client_secret` for `POST /oauth/token`. It can't be read again.
    pub client_secret: String,
}

/// A new secret: 256 random bits.
pub fn new_secret() -> String {
    let bytes: [u8; 32] = digest::random();
    format!("quid_{}", digest::base64url(&bytes))
}

/// Create an API client.
///
/// The secret is in this answer and nowhere else.
#[utoipa::path(tag = "api clients", security(("person" = [])),
    responses((status = 201, description = "The API client and its secret.", body = CreatedApiClient)))]
#[post("/v1/api-clients")]
pub(super) async fn create_api_client(
    firm: Allowed<RunApiClients>,
    Json(body): Json<CreateApiClient>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now, secret) = (firm.caller(), app.clock.now(), new_secret());
    let mut scopes = body.scopes;
    scopes.sort();
    scopes.dedup();
    let client = NewApiClient {
        id: app.ids.id(now),
        firm_id: caller.firm_id,
        name: body.name,
        secret_digest: digest::sha256(secret.as_bytes()).to_vec(),
        scopes,
        created_by: caller.actor_id(),
    };
    let api_client = app
        .db
        .write(async |tx| {
            // A firm that closes meanwhile waits, and then finds it among those that it revokes.
            members::hold(tx, &[caller.firm_id]).await?;
            firms::must_stay_open(tx, caller.firm_id).await?;
            let made = store::insert(tx, client, now).await?;
            changes::record(
                tx,
                Change::by(caller, Kind::ApiClient, made.id, "created", now),
            )
            .await?;
            Ok(made)
        })
        .await?;
    let created = CreatedApiClient {
        client_id: api_client.id,
        api_client,
        client_secret: secret,
    };
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(created))
}

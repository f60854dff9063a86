//! API clients: the machines of a firm, such as its CRM. Each signs in with OAuth 2.0 client
//! credentials and is limited to the scopes that an admin granted it.

mod create;
mod list;
mod revoke;
mod store;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::platform::auth::{Caller, Scope};
use crate::platform::db::Conn;
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::digest;
use crate::platform::error::ApiResult;
use crate::platform::values::{Name, Timestamp};

pub use create::new_secret;
pub use store::{NewApiClient, find_caller, insert as create, revoke_all};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create::create_api_client)
        .service(list::list_api_clients)
        .service(revoke::revoke_api_client);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("api_clients_pkey", Means::Guarded),
    constraint("api_clients_firm_id_fkey", Means::Gone),
    constraint("api_clients_created_by_fkey", Means::Gone),
];

/// A machine of the firm.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApiClient {
    /// Its id; `client_id` in OAuth.
    pub id: Uuid,
    /// What the firm calls it.
    pub name: Name,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The member who made it.
    pub created_by: Uuid,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The caller whom these credentials prove; `None` when they do not belong together.
pub async fn authenticate(
    conn: &Conn,
    id: Uuid,
    secret: &SecretString,
) -> ApiResult<Option<Caller>> {
    let digest = digest::sha256(secret.expose_secret().as_bytes());
    let kept = store::find_secret(conn, id).await?;
    match kept {
        Some(kept) if digest::same(&kept, &digest) => store::find_caller(conn, id).await,
        _ => Ok(None),
    }
}

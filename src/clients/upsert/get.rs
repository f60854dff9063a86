//! Reads a client by its id in another system.

use actix_web::get;

use crate::clients::{Client, policy, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, ExternalIdPath, FoundAt};

pub struct LookUpClient;

impl FoundAt<ExternalIdPath> for Client {
    async fn find_at(app: &App, caller: &Caller, path: ExternalIdPath) -> ApiResult<Option<Self>> {
        let (firm_id, system, id) = (caller.firm_id, &path.system, &path.external_id);
        app.db
            .read(async |conn| store::find_by_external_id(conn, firm_id, system, id).await)
            .await
    }
}

impl Action for LookUpClient {
    const RULE: Rule = policy::READ;
    type Path = ExternalIdPath;
    type Subject = Client;
}

/// Read a client by external id.
///
/// The client that has this id in another system of your firm.
#[utoipa::path(tag = "clients", params(ExternalIdPath), security(("person" = []), ("machine" = [LookUpClient::SCOPE])),
    responses((status = 200, description = "The client.", body = Client)))]
#[get("/v1/clients/by-external-id/{system}/{external_id}")]
pub async fn get_client_by_external_id(client: Allowed<LookUpClient>) -> Answer<Client> {
    Answer::ok(client.into_subject())
}

//! Reads one client.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Client, policy, store};
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which client.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ClientPath {
    /// The client's id.
    pub client_id: Uuid,
}

impl IdPath for ClientPath {
    fn id(&self) -> Uuid {
        self.client_id
    }
}

impl Shown for Client {
    const COLLECTION: &'static str = "/v1/clients/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadClient;

impl Action for ReadClient {
    const RULE: Rule = policy::READ;
    type Path = ClientPath;
    type Subject = Client;
}

/// Read a client.
///
/// One of your own firm's; no other firm finds it here.
#[utoipa::path(tag = "clients", params(ClientPath), security(("person" = []), ("machine" = [ReadClient::SCOPE])),
    responses((status = 200, description = "The client.", body = Client)))]
#[get("/v1/clients/{client_id}")]
pub(super) async fn get_client(client: Allowed<ReadClient>) -> Answer<Client> {
    Answer::ok(client.into_subject())
}

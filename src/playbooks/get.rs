//! Reads one playbook.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::Playbook;
use super::{policy, store};
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which playbook.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct PlaybookPath {
    /// The playbook's id.
    pub playbook_id: Uuid,
}

impl IdPath for PlaybookPath {
    fn id(&self) -> Uuid {
        self.playbook_id
    }
}

impl Shown for Playbook {
    const COLLECTION: &'static str = "/v1/playbooks/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub(super) struct ReadPlaybook;

impl Action for ReadPlaybook {
    const RULE: Rule = policy::READ;
    type Path = PlaybookPath;
    type Subject = Playbook;
}

/// Read a playbook.
///
/// Its last version.
#[utoipa::path(tag = "playbooks", params(PlaybookPath), security(("person" = []), ("machine" = [ReadPlaybook::SCOPE])),
    responses((status = 200, description = "The playbook.", body = Playbook)))]
#[get("/v1/playbooks/{playbook_id}")]
pub(super) async fn get_playbook(playbook: Allowed<ReadPlaybook>) -> Answer<Playbook> {
    Answer::ok(playbook.into_subject())
}

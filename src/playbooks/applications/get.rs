//! Reads where a playbook was laid out.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::PlaybookApplication;
use super::store;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;
use crate::playbooks::policy;

/// Which application.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PlaybookApplicationPath {
    /// The application's id.
    pub playbook_application_id: Uuid,
}

impl IdPath for PlaybookApplicationPath {
    fn id(&self) -> Uuid {
        self.playbook_application_id
    }
}

impl Shown for PlaybookApplication {
    const COLLECTION: &'static str = "/v1/playbook-applications/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadApplication;

impl Action for ReadApplication {
    const RULE: Rule = policy::READ;
    type Path = PlaybookApplicationPath;
    type Subject = PlaybookApplication;
}

/// Read where a playbook was laid out.
///
/// Your firm's, with the steps that it made.
#[utoipa::path(tag = "playbooks", params(PlaybookApplicationPath),
    security(("person" = []), ("machine" = [ReadApplication::SCOPE])),
    responses((status = 200, description = "What was laid out.", body = PlaybookApplication)))]
#[get("/v1/playbook-applications/{playbook_application_id}")]
pub async fn get_playbook_application(
    application: Allowed<ReadApplication>,
) -> Answer<PlaybookApplication> {
    Answer::ok(application.into_subject())
}

//! Reads one cascade.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::Cascade;
use super::store;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;
use crate::timelines::policy;

/// Which cascade.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CascadePath {
    /// The cascade's id.
    pub cascade_id: Uuid,
}

impl IdPath for CascadePath {
    fn id(&self) -> Uuid {
        self.cascade_id
    }
}

impl Shown for Cascade {
    const COLLECTION: &'static str = "/v1/cascades/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadCascade;

impl Action for ReadCascade {
    const RULE: Rule = policy::READ;
    type Path = CascadePath;
    type Subject = Cascade;
}

/// Read a cascade.
///
/// Of either party.
#[utoipa::path(tag = "timelines", params(CascadePath), security(("person" = []), ("machine" = [ReadCascade::SCOPE])),
    responses((status = 200, description = "The cascade.", body = Cascade)))]
#[get("/v1/cascades/{cascade_id}")]
pub async fn get_cascade(cascade: Allowed<ReadCascade>) -> Answer<Cascade> {
    Answer::ok(cascade.into_subject())
}

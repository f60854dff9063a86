//! Reads one version.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::PlanVersion;
use super::{policy, store};
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which version.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct VersionPath {
    /// The version's id.
    pub plan_version_id: Uuid,
}

impl IdPath for VersionPath {
    fn id(&self) -> Uuid {
        self.plan_version_id
    }
}

impl Shown for PlanVersion {
    const COLLECTION: &'static str = "/v1/plan-versions/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub(super) struct ReadVersion;

impl Action for ReadVersion {
    const RULE: Rule = policy::READ;
    type Path = VersionPath;
    type Subject = PlanVersion;
}

/// Read a version of a section.
///
/// A draft is its own party's alone; everything that was proposed both read for ever.
#[utoipa::path(tag = "plan", params(VersionPath),
    security(("person" = []), ("machine" = [ReadVersion::SCOPE])),
    responses((status = 200, description = "The version.", body = PlanVersion)))]
#[get("/v1/plan-versions/{plan_version_id}")]
pub(super) async fn get_plan_version(version: Allowed<ReadVersion>) -> Answer<PlanVersion> {
    Answer::ok(version.into_subject())
}

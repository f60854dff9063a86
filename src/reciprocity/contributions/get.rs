//! Reads one contribution.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::Contribution;
use super::store;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;
use crate::reciprocity::policy;

/// Which contribution.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ContributionPath {
    /// The contribution's id.
    pub contribution_id: Uuid,
}

impl IdPath for ContributionPath {
    fn id(&self) -> Uuid {
        self.contribution_id
    }
}

impl Shown for Contribution {
    const COLLECTION: &'static str = "/v1/contributions/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadContribution;

impl Action for ReadContribution {
    const RULE: Rule = policy::READ_CONTRIBUTIONS;
    type Path = ContributionPath;
    type Subject = Contribution;
}

/// Read a contribution.
///
/// Of either party's.
#[utoipa::path(tag = "reciprocity", params(ContributionPath),
    security(("person" = []), ("machine" = [ReadContribution::SCOPE])),
    responses((status = 200, description = "The contribution.", body = Contribution)))]
#[get("/v1/contributions/{contribution_id}")]
pub async fn get_contribution(contribution: Allowed<ReadContribution>) -> Answer<Contribution> {
    Answer::ok(contribution.into_subject())
}

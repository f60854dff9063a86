//! Reads the terms of a partnership.

use actix_web::get;
use uuid::Uuid;

use super::model::PartnershipTerms;
use super::store;
use crate::firms;
use crate::parties::{self, PartnershipPath};
use crate::partnerships::policy;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, Shown};
use crate::platform::values::Timestamp;

impl Shown for PartnershipTerms {
    const COLLECTION: &'static str = "/v1/partnerships/";

    fn id(&self) -> Uuid {
        self.partnership_id
    }

    async fn find(
        conn: &Conn,
        caller: &Caller,
        id: Uuid,
        now: Timestamp,
    ) -> ApiResult<Option<Self>> {
        let Some(party) = parties::find(conn, id, caller.firm_id).await? else {
            return Ok(None);
        };
        let terms = store::find(conn, &party).await?;
        let today = now.date_in(&firms::zone(conn, party.us).await?);
        Ok(Some(terms.warned(today)))
    }
}

pub struct ReadTerms;

impl Action for ReadTerms {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = PartnershipTerms;
}

/// Read the terms of a partnership.
///
/// Of one that was accepted; before anybody has written them, all is `null` and the version 0.
#[utoipa::path(tag = "partnerships", params(PartnershipPath),
    security(("person" = []), ("machine" = [ReadTerms::SCOPE])),
    responses((status = 200, description = "The terms.", body = PartnershipTerms)))]
#[get("/v1/partnerships/{partnership_id}/terms")]
pub async fn get_partnership_terms(terms: Allowed<ReadTerms>) -> Answer<PartnershipTerms> {
    Answer::ok(terms.into_subject())
}

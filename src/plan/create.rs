//! Drafts a version of a section.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::PlanVersion;
use super::sections::SectionBody;
use super::{events, policy, store};
use crate::parties::{self, PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Timestamp;
use crate::{changes, firms};

pub(super) struct DraftVersion;

impl Action for DraftVersion {
    const RULE: Rule = policy::PREPARE;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// A new draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": {"section": "core_story", "audience": "Owners who will sell within five years",
    "script": "We plan together what you live on, and what the sale leaves of it."}}))]
pub struct CreatePlanVersion {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// What it says.
    pub body: SectionBody,
}

/// Draft a version of a section.
///
/// Your party alone sees it until it is proposed. `us` in it is your part; `them` is the other party's, as
/// it stands in its last proposal, or `null` where there is none.
#[utoipa::path(tag = "plan", params(PartnershipPath),
    security(("person" = []), ("machine" = [DraftVersion::SCOPE])),
    responses((status = 201, description = "The draft.", body = PlanVersion)))]
#[post("/v1/partnerships/{partnership_id}/plan-versions")]
pub(super) async fn create_plan_version(
    party: Allowed<DraftVersion>,
    Json(body): Json<CreatePlanVersion>,
    app: App,
) -> ApiResult<Answer<PlanVersion>> {
    let (caller, now) = (party.caller(), app.clock.now());
    party
        .once(StatusCode::CREATED, async |tx| {
            let id = body.id.unwrap_or_else(|| app.ids.id(now));
            draft(tx, caller, (id, &party), &body.body, now).await
        })
        .await
}

/// Writes a draft into a partnership that lives.
pub async fn draft(
    tx: &Tx,
    caller: &Caller,
    (id, party): (Uuid, &Party),
    body: &SectionBody,
    now: Timestamp,
) -> ApiResult<PlanVersion> {
    let held = parties::hold(tx, party.partnership_id, party.us).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    check(tx, party.us, body, now).await?;
    let made = store::insert(tx, caller, (id, &party), body, now).await?;
    changes::record(tx, events::drafted(caller, &made, "created")).await?;
    Ok(made)
}

/// Refuses what can't be so.
pub(super) async fn check(
    tx: &Tx,
    firm_id: Uuid,
    body: &SectionBody,
    now: Timestamp,
) -> ApiResult<()> {
    let today = now.date_in(&firms::zone(tx, firm_id).await?);
    match body.complaints(today) {
        none if none.is_empty() => Ok(()),
        complaints => Err(Problem::invalid(complaints).into()),
    }
}

//! Waives a section.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::PlanWaiver;
use super::store;
use crate::changes::{self, Kind};
use crate::parties::{self, PartnershipPath, Party};
use crate::plan::{PlanSection, events, policy};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Timestamp;

pub struct Waive;

impl Action for Waive {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// A waiver.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"section": "ideal_client", "reason": "We have shared clients for ten years and know whom the other serves."}))]
pub struct WaiveSection {
    /// An id of your own (UUIDv7), where you waive offline and send later.
    pub id: Option<Uuid>,
    /// The section.
    pub section: PlanSection,
    /// Why your party goes without it; the other party reads it, and a later imbalance is explained with it.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub reason: String,
}

/// Waive a section of the plan.
///
/// For your party; the section is waived when both have. An agreed version ends what a waiver stands for.
#[utoipa::path(tag = "plan", params(PartnershipPath), security(("person" = [])),
    responses((status = 201, description = "The waiver.", body = PlanWaiver)))]
#[post("/v1/partnerships/{partnership_id}/plan-waivers")]
pub async fn waive_plan_section(
    party: Allowed<Waive>,
    Json(body): Json<WaiveSection>,
    app: App,
) -> ApiResult<Answer<PlanWaiver>> {
    let (caller, now) = (party.caller(), app.clock.now());
    party
        .once(StatusCode::CREATED, async |tx| {
            let id = body.id.unwrap_or_else(|| app.ids.id(now));
            waive(tx, caller, (id, &party), &body, now).await
        })
        .await
}

/// Records that a party goes without a section.
pub async fn waive(
    tx: &Tx,
    caller: &Caller,
    (id, party): (Uuid, &Party),
    body: &WaiveSection,
    now: Timestamp,
) -> ApiResult<PlanWaiver> {
    let held = parties::hold(tx, party.partnership_id, party.us).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    let what = (body.section, body.reason.as_str());
    let made = store::insert(tx, caller, (id, &party), what, now).await?;
    let of = (Kind::PlanWaiver, made.id, made.version);
    changes::record(tx, events::both(caller, &party, of, "created", now)).await?;
    Ok(made)
}

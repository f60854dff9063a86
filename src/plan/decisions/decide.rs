//! Decides whether to proceed.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Decision, PlanDecision};
use super::store;
use crate::changes::{self, Kind};
use crate::parties::{self, PartnershipPath, Party};
use crate::plan::{events, policy};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Timestamp;

pub struct Decide;

impl Action for Decide {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// A decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision": "proceed", "reason": "A third of our clients will sell a business within ten years."}))]
pub struct DecidePlan {
    /// An id of your own (UUIDv7), where you decide offline and send later.
    pub id: Option<Uuid>,
    /// Whether the partnership makes sense for your business.
    pub decision: Decision,
    /// Why; the other party reads it.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub reason: String,
}

/// Decide whether the partnership makes sense for your business.
///
/// Your party's newest decision counts; the other party is told. A partnership becomes active when both proceed.
#[utoipa::path(tag = "plan", params(PartnershipPath), security(("person" = [])),
    responses((status = 201, description = "The decision.", body = PlanDecision)))]
#[post("/v1/partnerships/{partnership_id}/plan-decisions")]
pub async fn decide_plan(
    party: Allowed<Decide>,
    Json(body): Json<DecidePlan>,
    app: App,
) -> ApiResult<Answer<PlanDecision>> {
    let (caller, now) = (party.caller(), app.clock.now());
    party
        .once(StatusCode::CREATED, async |tx| {
            let id = body.id.unwrap_or_else(|| app.ids.id(now));
            decide(tx, caller, (id, &party), &body, now).await
        })
        .await
}

/// Records a party's decision.
pub async fn decide(
    tx: &Tx,
    caller: &Caller,
    (id, party): (Uuid, &Party),
    body: &DecidePlan,
    now: Timestamp,
) -> ApiResult<PlanDecision> {
    let held = parties::hold(tx, party.partnership_id, party.us).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    let what = (body.decision, body.reason.as_str());
    let made = store::insert(tx, caller, (id, &party), what, now).await?;
    let of = (Kind::PlanDecision, made.id, 1);
    changes::record(tx, events::both(caller, &party, of, "created", now)).await?;
    Ok(made)
}

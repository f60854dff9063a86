//! Hands a party over to another lead.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::Partnership;
use super::{policy, propose, store};
use crate::members;
use crate::parties::PartnershipPath;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Duty, Rule, Verdict};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Timestamp;

pub(super) struct HandOver;

impl Action for HandOver {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = Partnership;

    fn judge(caller: &Caller, partnership: &Partnership) -> Verdict {
        policy::may_hand_over(caller, partnership)
    }
}

/// Who leads from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"member_id": "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a11"}))]
pub struct ChangeLead {
    /// An active member of your firm who may commit it: an admin or an advisor.
    pub member_id: Uuid,
}

/// Hand your party over to another lead.
///
/// A lead hands over what is its own, an admin anybody's; before a lead leaves the firm, this is how its
/// partnerships get a successor. Two leads have one open partnership at most. The other party is told.
#[utoipa::path(tag = "partnerships", params(PartnershipPath), security(("person" = [])),
    responses((status = 200, description = "The partnership.", body = Partnership)))]
#[post("/v1/partnerships/{partnership_id}/lead")]
pub(super) async fn change_lead(
    partnership: Allowed<HandOver>,
    Json(body): Json<ChangeLead>,
    app: App,
) -> ApiResult<Answer<Partnership>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    partnership
        .once(StatusCode::OK, async |tx| {
            hand_over(tx, caller, &partnership, body.member_id, now).await
        })
        .await
}

async fn hand_over(
    tx: &Tx,
    caller: &Caller,
    partnership: &Partnership,
    member_id: Uuid,
    now: Timestamp,
) -> ApiResult<Partnership> {
    members::hold(tx, &[caller.firm_id]).await?;
    let successor = members::find_active(tx, caller.firm_id, member_id).await?;
    let successor = successor.ok_or_else(|| {
        let detail = "Your firm has no such active member.";
        Problem::invalid_field("/member_id", "unknown", detail)
    })?;
    if !Duty::Commit.is_for(successor.role) {
        let detail = "Only an admin or an advisor leads a partnership.";
        return Err(Problem::invalid_field("/member_id", "role", detail).into());
    }
    let current = store::find(tx, caller.firm_id, partnership.id)
        .await?
        .ok_or_else(Problem::not_found)?;
    // Somebody may have handed it over since the request came in.
    policy::may_hand_over(caller, &current)?;
    let is_open = policy::can_hand_over(current.state, current.side);
    if is_open && current.us.lead_id == successor.id {
        return Ok(current);
    }
    give(tx, caller, &current, successor.id, now).await
}

/// Gives the caller's party another lead, whom it has checked while its firm is held.
pub(super) async fn give(
    tx: &Tx,
    caller: &Caller,
    current: &Partnership,
    lead_id: Uuid,
    now: Timestamp,
) -> ApiResult<Partnership> {
    let moved = store::hand_over(tx, caller.firm_id, current.id, lead_id, now).await?;
    let moved = moved
        .ok_or_else(|| Problem::state_forbids(current.state.as_str(), &policy::allowed(current)))?;
    propose::tell(tx, caller, &moved, "lead").await?;
    Ok(moved)
}

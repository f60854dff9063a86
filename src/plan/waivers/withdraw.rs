//! Takes a waiver back.

use actix_web::http::StatusCode;
use actix_web::post;

use super::get::WaiverPath;
use super::model::PlanWaiver;
use super::store;
use crate::changes::{self, Kind};
use crate::parties::{self, PartnershipState, Side};
use crate::plan::{events, policy};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer};

pub struct WithdrawWaiver;

impl Action for WithdrawWaiver {
    const RULE: Rule = policy::COMMIT;
    type Path = WaiverPath;
    type Subject = PlanWaiver;

    fn judge(_: &Caller, waiver: &PlanWaiver) -> Verdict {
        match waiver.party {
            Side::Us => Ok(()),
            Side::Them => Err(Problem::forbidden("It is the other party's waiver.")),
        }
    }
}

/// Take a waiver back.
///
/// Your party's own, before the partnership is active: afterwards, agree on the section instead.
#[utoipa::path(tag = "plan", params(WaiverPath), security(("person" = [])),
    responses((status = 200, description = "The waiver.", body = PlanWaiver)))]
#[post("/v1/plan-waivers/{plan_waiver_id}/withdraw")]
pub async fn withdraw_plan_waiver(
    waiver: Allowed<WithdrawWaiver>,
    app: App,
) -> ApiResult<Answer<PlanWaiver>> {
    let (caller, now) = (waiver.caller(), app.clock.now());
    waiver
        .once(StatusCode::OK, async |tx| {
            let held = parties::hold(tx, waiver.partnership_id, caller.firm_id).await?;
            let party = held.ok_or_else(Problem::not_found)?;
            if party.state != PartnershipState::Exploring {
                let problem = Problem::state_forbids(party.state.as_str(), &[]);
                let needed = PartnershipState::Exploring.as_str();
                return Err(problem
                    .with("needed_partnership_state", vec![needed].into())
                    .into());
            }
            let withdrawn = store::withdraw(tx, party.us, waiver.id, now).await?;
            let withdrawn = withdrawn.ok_or_else(|| Problem::state_forbids("withdrawn", &[]))?;
            let of = (Kind::PlanWaiver, withdrawn.id, withdrawn.version);
            changes::record(tx, events::both(caller, &party, of, "withdraw", now)).await?;
            Ok(withdrawn)
        })
        .await
}

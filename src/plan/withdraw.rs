//! Takes a proposal back.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::get::VersionPath;
use super::model::{PlanVersion, Verb};
use super::propose::closed_meanwhile;
use super::{events, policy, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::{changes, parties};

pub(super) struct WithdrawVersion;

impl Action for WithdrawVersion {
    const RULE: Rule = policy::COMMIT;
    type Path = VersionPath;
    type Subject = PlanVersion;

    fn judge(_: &Caller, version: &PlanVersion) -> Verdict {
        policy::may(Verb::Withdraw, version.party)
    }
}

/// Why a proposal is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The figures are of last year."}))]
pub struct WithdrawPlanVersion {
    /// Why; the other party reads it.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Take a proposal back.
///
/// The party that proposed it, until the other has answered.
#[utoipa::path(tag = "plan", params(VersionPath), security(("person" = [])),
    responses((status = 200, description = "The version.", body = PlanVersion)))]
#[post("/v1/plan-versions/{plan_version_id}/withdraw")]
pub(super) async fn withdraw_plan_version(
    proposal: Allowed<WithdrawVersion>,
    Json(body): Json<WithdrawPlanVersion>,
    app: App,
) -> ApiResult<Answer<PlanVersion>> {
    let (caller, now) = (proposal.caller(), app.clock.now());
    proposal
        .once(StatusCode::OK, async |tx| {
            let party = parties::find(tx, proposal.partnership_id, caller.firm_id).await?;
            let party = party.ok_or_else(Problem::not_found)?;
            let how = (Verb::Withdraw, body.reason.as_deref());
            let Some(withdrawn) = store::answer(tx, caller, proposal.id, how, now).await? else {
                return Err(closed_meanwhile(tx, &party, proposal.id).await?);
            };
            let what = (withdrawn.id, withdrawn.version);
            let change = events::done(caller, &party, what, Verb::Withdraw.word(), now);
            changes::record(tx, change).await?;
            Ok(withdrawn)
        })
        .await
}

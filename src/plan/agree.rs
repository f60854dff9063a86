//! Agrees to a proposal.

use actix_web::http::StatusCode;
use actix_web::post;

use super::get::VersionPath;
use super::model::{PlanVersion, Verb};
use super::propose::closed_meanwhile;
use super::{PlanSection, events, policy, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Error, Problem, STATE_FORBIDS};
use crate::platform::http::{Action, Allowed, Answer};
use crate::platform::values::Timestamp;
use crate::{changes, parties};

pub(super) struct AgreeVersion;

impl Action for AgreeVersion {
    const RULE: Rule = policy::COMMIT;
    type Path = VersionPath;
    type Subject = PlanVersion;

    fn judge(_: &Caller, version: &PlanVersion) -> Verdict {
        policy::may(Verb::Agree, version.party)
    }
}

/// Agree to a proposal.
///
/// Both then stand behind it: it is in force, and never changes. While something is missing in it, as `lacks` says,
/// it is a 409; propose another in its place.
#[utoipa::path(tag = "plan", params(VersionPath), security(("person" = [])),
    responses((status = 200, description = "The version in force.", body = PlanVersion)))]
#[post("/v1/plan-versions/{plan_version_id}/agree")]
pub(super) async fn agree_plan_version(
    proposal: Allowed<AgreeVersion>,
    app: App,
) -> ApiResult<Answer<PlanVersion>> {
    let (caller, now) = (proposal.caller(), app.clock.now());
    proposal
        .once(StatusCode::OK, async |tx| {
            agree(tx, &app, caller, &proposal, now).await
        })
        .await
}

/// Agrees to the other party's proposal.
pub async fn agree(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    proposal: &PlanVersion,
    now: Timestamp,
) -> ApiResult<PlanVersion> {
    let held = parties::hold(tx, proposal.partnership_id, caller.firm_id).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    let agreed = store::answer(tx, caller, proposal.id, (Verb::Agree, None), now).await?;
    let Some(agreed) = agreed else {
        return Err(closed_meanwhile(tx, &party, proposal.id).await?);
    };
    if !agreed.missing.is_empty() {
        return Err(incomplete(proposal)?);
    }
    let what = (agreed.id, agreed.version);
    let change = events::done(caller, &party, what, Verb::Agree.word(), now);
    changes::record(tx, change).await?;
    if agreed.section == PlanSection::CommunicationProtocol {
        let of = (party.partnership_id, party.us);
        super::lay_out_conversations(tx, app, of).await?;
    }
    Ok(agreed)
}

/// The 409 of a proposal in which something is missing.
fn incomplete(proposal: &PlanVersion) -> ApiResult<Error> {
    let lacks = serde_json::to_value(&proposal.missing)
        .map_err(|error| Error::broken(error.to_string()))?;
    let detail = "Something is missing in it; propose another in its place.";
    Ok(Problem::new(&STATE_FORBIDS, detail)
        .with("state", proposal.state.as_str().into())
        .with("allowed", vec![Verb::Counter.word()].into())
        .with("missing", "content".into())
        .with("lacks", lacks)
        .into())
}

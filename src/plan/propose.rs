//! Proposes a draft to the other party.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::VersionPath;
use super::model::{PlanVersion, Verb};
use super::{events, policy, store};
use crate::parties::{self, Party, Side};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Error, Problem, STATE_FORBIDS};
use crate::platform::http::{Action, Allowed, Answer, Json, stale};
use crate::platform::values::Timestamp;
use crate::{changes, members};

pub(super) struct ProposeVersion;

impl Action for ProposeVersion {
    const RULE: Rule = policy::COMMIT;
    type Path = VersionPath;
    type Subject = PlanVersion;

    fn judge(_: &Caller, version: &PlanVersion) -> Verdict {
        policy::may(Verb::Propose, version.party)
    }
}

/// In whose place it is proposed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"counters_id": null}))]
pub struct ProposePlanVersion {
    /// The open proposal of the other party that this answers; `null` or absent where there is none.
    pub counters_id: Option<Uuid>,
}

/// Propose a draft to the other party.
///
/// Where a proposal of the other party is open, name it in `counters_id`: yours takes its place. Of agreeing to that and
/// countering it, the first wins. The other party's part must be as it stands in its last proposal.
#[utoipa::path(tag = "plan", params(VersionPath), security(("person" = [])),
    responses((status = 200, description = "The proposal.", body = PlanVersion)))]
#[post("/v1/plan-versions/{plan_version_id}/propose")]
pub(super) async fn propose_plan_version(
    draft: Allowed<ProposeVersion>,
    Json(body): Json<ProposePlanVersion>,
    app: App,
) -> ApiResult<Answer<PlanVersion>> {
    let (caller, now) = (draft.caller(), app.clock.now());
    draft
        .once(StatusCode::OK, async |tx| {
            propose(tx, caller, &draft, body.counters_id, now).await
        })
        .await
}

/// Proposes a draft, in the place of the other party's open proposal where there is one.
pub async fn propose(
    tx: &Tx,
    caller: &Caller,
    draft: &PlanVersion,
    counters_id: Option<Uuid>,
    now: Timestamp,
) -> ApiResult<PlanVersion> {
    let held = parties::hold(tx, draft.partnership_id, caller.firm_id).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    policy::must_be_draft(draft)?;
    check_parts(tx, &party, draft).await?;
    match counters_id {
        Some(id) => counter(tx, caller, &party, (draft, id), now).await?,
        None => {
            if let Some(open) = store::find_open(tx, &party, draft.section).await? {
                return Err(is_open(&open));
            }
        }
    }
    let Some(proposed) = store::propose(tx, caller, draft, counters_id, now).await? else {
        let current = store::find(tx, caller.firm_id, draft.id).await?;
        let current = current.ok_or_else(Problem::not_found)?;
        policy::must_be_draft(&current)?;
        return Err(stale(&current));
    };
    let what = (proposed.id, proposed.version);
    let change = events::done(caller, &party, what, Verb::Propose.word(), now);
    changes::record(tx, change).await?;
    Ok(proposed)
}

/// Closes the proposal in whose place another comes.
async fn counter(
    tx: &Tx,
    caller: &Caller,
    party: &Party,
    (draft, id): (&PlanVersion, Uuid),
    now: Timestamp,
) -> ApiResult<()> {
    let countered = store::find(tx, party.us, id).await?;
    let same = |one: &PlanVersion| {
        one.partnership_id == draft.partnership_id && one.section == draft.section
    };
    let Some(countered) = countered.filter(same) else {
        let detail = "There is no such proposal of this section.";
        return Err(Problem::invalid_field("/counters_id", "unknown", detail).into());
    };
    policy::may(Verb::Counter, countered.party)?;
    let closed = store::answer(tx, caller, id, (Verb::Counter, None), now).await?;
    let Some(closed) = closed else {
        return Err(closed_meanwhile(tx, party, id).await?);
    };
    let what = (closed.id, closed.version);
    let change = events::done(caller, party, what, Verb::Counter.word(), now);
    changes::record(tx, change).await
}

/// Each party writes its own part: the other's must stand in the draft as it last proposed it, or as
/// the version in force has it.
async fn check_parts(tx: &Tx, party: &Party, draft: &PlanVersion) -> ApiResult<()> {
    if let super::SectionBody::CommunicationProtocol(protocol) = &draft.body {
        return check_members(tx, party, &protocol.members).await;
    }
    let Some(theirs) = draft.body.their_part() else {
        return Ok(());
    };
    let base = store::find_theirs(tx, party, draft.section).await?;
    let known = base.and_then(|base| base.body.their_part());
    if known.unwrap_or(Value::Null) == theirs {
        return Ok(());
    }
    let detail = "The other party writes its part itself: it must stand as it last proposed it.";
    Err(Problem::invalid_field("/body/them", "not_yours", detail).into())
}

/// Whoever takes part is an active member of the firm.
async fn check_members(
    tx: &Tx,
    party: &Party,
    named: &super::sections::ConversationMembers,
) -> ApiResult<()> {
    let sides = [
        (Side::Us, party.us, &named.us),
        (Side::Them, party.them, &named.them),
    ];
    let mut errors = Vec::new();
    for (side, firm_id, ids) in sides {
        for (place, id) in ids.iter().enumerate() {
            if members::find_active(tx, firm_id, *id).await?.is_none() {
                let pointer = format!("/body/members/{side}/{place}");
                let detail = "The firm has no such active member.";
                errors.push(crate::platform::error::FieldError::new(
                    pointer, "unknown", detail,
                ));
            }
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(errors).into())
    }
}

/// The 409 of a proposal that is in the way.
fn is_open(open: &PlanVersion) -> Error {
    let (detail, allowed) = match open.party {
        Side::Us => (
            "Your proposal of this section is open; withdraw it first.",
            "withdraw",
        ),
        Side::Them => (
            "The other party's proposal of this section is open; agree to it, or name it in `counters_id`.",
            "agree",
        ),
    };
    Problem::new(&STATE_FORBIDS, detail)
        .with("state", open.state.as_str().into())
        .with("allowed", vec![allowed].into())
        .with("existing_id", open.id.to_string().into())
        .into()
}

/// The 409 of a proposal that was closed by somebody who was faster.
pub(super) async fn closed_meanwhile(tx: &Tx, party: &Party, id: Uuid) -> ApiResult<Error> {
    let current = store::find(tx, party.us, id).await?;
    let current = current.ok_or_else(Problem::not_found)?;
    Ok(Problem::state_forbids(current.state.as_str(), &policy::allowed(&current)).into())
}

//! Records what came of a meeting.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{MeetingOutcome, MeetingOutcomeKind, OutcomeBody};
use super::store;
use crate::changes::{self, Change, Kind};
use crate::meetings::get::MeetingPath;
use crate::meetings::model::{Meeting, Verb};
use crate::meetings::policy;
use crate::meetings::states::must_live;
use crate::parties::Party;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Duty, Rule, Scope};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::{action_steps, introductions};

pub struct AgreeOutcome;

impl Action for AgreeOutcome {
    const RULE: Rule = policy::PREPARE;
    type Path = MeetingPath;
    type Subject = Meeting;
}

/// What came of a meeting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"outcome": {"kind": "action_step", "action_step": {
    "owner": "us", "kind": "internal", "title": "Send the engagement letter for review", "due_on": "2026-03-09"}}}))]
pub struct CreateMeetingOutcome {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// What was agreed.
    pub outcome: OutcomeBody,
}

/// Record an outcome of a meeting.
///
/// Makes the action step, or the draft of an introduction, and its tie to the meeting in one: both or neither. Of a
/// meeting that is planned, while it goes on, or was held. A step that you lay on the other party is proposed. An API
/// client needs the scope to make the thing itself as well: `action-steps:write` or `introductions:write`.
#[utoipa::path(tag = "meetings", params(MeetingPath),
    security(("person" = []), ("machine" = [AgreeOutcome::SCOPE])),
    responses((status = 201, description = "The outcome.", body = MeetingOutcome)))]
#[post("/v1/meetings/{meeting_id}/outcomes")]
pub async fn create_meeting_outcome(
    meeting: Allowed<AgreeOutcome>,
    Json(body): Json<CreateMeetingOutcome>,
    app: App,
) -> ApiResult<Answer<MeetingOutcome>> {
    let (caller, now) = (meeting.caller(), app.clock.now());
    meeting
        .once(StatusCode::CREATED, async |tx| {
            let party = must_live(tx, caller, &meeting).await?;
            let made = make(tx, &app, caller, &party, &body.outcome).await?;
            let ids = (body.id.unwrap_or_else(|| app.ids.id(now)), meeting.id);
            let outcome = store::insert(tx, caller, ids, made, now).await?;
            let Some(outcome) = outcome else {
                return Err(closed(tx, caller, &meeting).await?.into());
            };
            // A draft is its introducer's alone, and so is that it came of a meeting.
            let firms = match outcome.kind {
                MeetingOutcomeKind::ActionStep => vec![party.us, party.them],
                MeetingOutcomeKind::Introduction => vec![party.us],
            };
            let change = Change::by(caller, Kind::MeetingOutcome, outcome.id, "created", now)
                .within(party.partnership_id)
                .seen_by(firms);
            changes::record(tx, change).await?;
            Ok(outcome)
        })
        .await
}

/// Makes what was agreed, for who may make it by itself.
async fn make(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    party: &Party,
    outcome: &OutcomeBody,
) -> ApiResult<(MeetingOutcomeKind, Uuid)> {
    match outcome {
        OutcomeBody::ActionStep(body) => {
            Rule::new(Duty::Prepare, Scope::ActionStepsWrite).permits(caller)?;
            let step = action_steps::create(tx, app, caller, party, &body.action_step).await;
            let step = step.map_err(|error| error.under("/outcome/action_step"))?;
            Ok((MeetingOutcomeKind::ActionStep, step.id))
        }
        OutcomeBody::Introduction(body) => {
            Rule::new(Duty::Prepare, Scope::IntroductionsWrite).permits(caller)?;
            let draft = introductions::draft(tx, app, caller, party, &body.introduction).await;
            let draft = draft.map_err(|error| error.under("/outcome/introduction"))?;
            Ok((MeetingOutcomeKind::Introduction, draft.id))
        }
    }
}

/// The 409 of a meeting that was skipped or cancelled.
async fn closed(tx: &Tx, caller: &Caller, meeting: &Meeting) -> ApiResult<Problem> {
    let current = crate::meetings::store::find(tx, caller.firm_id, meeting.id).await?;
    let current = current.ok_or_else(Problem::not_found)?;
    let allowed = Verb::allowed(current.state);
    Ok(Problem::state_forbids(current.state.as_str(), &allowed))
}

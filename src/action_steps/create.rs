//! Writes an action step down.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{ActionStep, ConversationChannel, StepKind, StepState};
use super::predecessors::{self, Predecessor};
use super::{events, kinds, policy, store};
use crate::changes;
use crate::parties::{self, PartnershipPath, Party, Side};
use crate::plan::PlanSection;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, FieldError, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Date;

pub(super) struct PlanStep;

impl Action for PlanStep {
    const RULE: Rule = policy::PREPARE;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// A new action step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"owner": "them", "kind": "internal", "title": "Send the engagement letter for review", "due_on": "2026-03-09"}))]
pub struct CreateActionStep {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// Which party will do it.
    pub owner: Side,
    /// The member of that party who will do it.
    pub owner_member_id: Option<Uuid>,
    /// The introduction that it is about; a conversation needs it: it says whom its owner will speak to, so the
    /// owner must be able to see it.
    pub introduction_id: Option<Uuid>,
    /// What kind of step it is.
    pub kind: StepKind,
    /// How the client is spoken to; a conversation needs it, and nothing else has it.
    pub channel: Option<ConversationChannel>,
    /// What the client is spoken to about; a conversation needs it, and nothing else has it. Both parties
    /// read it: name no client.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub topic: Option<String>,
    /// The step of the same partnership that a follow-up follows; nothing else has it.
    pub follows_id: Option<Uuid>,
    /// The section of the plan that it belongs to.
    pub section: Option<PlanSection>,
    /// What is to be done. Both parties read it: name no client.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub title: String,
    /// More about it. Both parties read it: name no client.
    #[schema(min_length = 1, max_length = 5000)]
    pub detail: Option<String>,
    /// The date it is due, in the owner firm's zone; a step that waits for others may leave it out, and is then due as
    /// early as they let it.
    pub due_on: Option<Date>,
    /// How many business days of its owner it is expected to take; 1 unless told.
    #[schema(nullable = false, minimum = 1, maximum = 1000)]
    pub length_days: Option<i32>,
    /// The steps of the same partnership that are finished before it begins.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub after: Vec<Predecessor>,
}

/// Write an action step down.
///
/// A step of your own is planned, and its date a promise. One that you lay on the other party is
/// proposed, until they accept it.
#[utoipa::path(tag = "action steps", params(PartnershipPath),
    security(("person" = []), ("machine" = [PlanStep::SCOPE])),
    responses((status = 201, description = "The step.", body = ActionStep)))]
#[post("/v1/partnerships/{partnership_id}/action-steps")]
pub(super) async fn create_action_step(
    partnership: Allowed<PlanStep>,
    Json(body): Json<CreateActionStep>,
    app: App,
) -> ApiResult<Answer<ActionStep>> {
    let caller = partnership.caller();
    partnership
        .once(StatusCode::CREATED, async |tx| {
            create(tx, &app, caller, &partnership, &body).await
        })
        .await
}

/// Makes a step in a partnership.
pub async fn create(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    party: &Party,
    body: &CreateActionStep,
) -> ApiResult<ActionStep> {
    let party = parties::hold(tx, party.partnership_id, caller.firm_id).await?;
    let party = party.ok_or_else(Problem::not_found)?;
    let now = app.clock.now();
    let is_ours = body.owner == Side::Us;
    let id = body.id.unwrap_or_else(|| app.ids.id(now));
    let owner_firm_id = if is_ours { party.us } else { party.them };
    let referred = store::Referred {
        partnership_id: party.partnership_id,
        introduction_id: body.introduction_id,
        follows_id: body.follows_id.filter(|followed| *followed != id),
        owner_firm_id,
        owner_member_id: body.owner_member_id,
    };
    let mut errors = kinds::complaints(body);
    errors.extend(unknown(tx, caller, &referred).await?);
    if body.follows_id == Some(id) {
        let detail = "A step can't follow itself.";
        errors.push(FieldError::new("/follows_id", "self", detail));
    }
    let place = predecessors::Place {
        step_id: id,
        partnership_id: party.partnership_id,
        owner_firm_id,
    };
    let dated = predecessors::date(tx, &place, body).await?;
    let due_on = match dated {
        Ok(due_on) if errors.is_empty() => due_on,
        Ok(_) => return Err(Problem::invalid(errors).into()),
        Err(more) => {
            errors.extend(more);
            return Err(Problem::invalid(errors).into());
        }
    };
    let step = store::NewStep {
        id,
        partnership_id: party.partnership_id,
        owner_firm_id,
        state: if is_ours {
            StepState::Planned
        } else {
            StepState::Proposed
        },
        due_on,
        promised_on: is_ours.then_some(due_on),
        about: body,
    };
    let made = store::insert(tx, caller, step, now).await?;
    predecessors::link(tx, made.id, &body.after).await?;
    changes::record(tx, events::done(caller, &made, "created")).await?;
    Ok(made)
}

/// What is referred to and is not there, or not visible to the one who needs it.
pub(super) async fn unknown(
    tx: &Tx,
    caller: &Caller,
    referred: &store::Referred,
) -> ApiResult<Vec<FieldError>> {
    let known = store::references(tx, caller.firm_id, referred).await?;
    let none = "The partnership has no such introduction.";
    let hidden = "It is a draft, which the step's owner does not see: offer it first.";
    let stranger = "The owner firm has no such member.";
    let nothing = "The partnership has no such step.";
    let all = [
        (known.introduction, "/introduction_id", "unknown", none),
        (known.is_shown, "/introduction_id", "draft", hidden),
        (known.member, "/owner_member_id", "unknown", stranger),
        (known.followed, "/follows_id", "unknown", nothing),
    ];
    let wrong = all.into_iter().filter(|(holds, ..)| !holds);
    Ok(wrong
        .map(|(_, pointer, code, detail)| FieldError::new(pointer, code, detail))
        .collect())
}

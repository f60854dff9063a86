//! Lays a playbook out.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::PlaybookApplication;
use super::prepare::{Wanted, fields, prepare};
use super::store;
use crate::action_steps::{self, CreateActionStep, Predecessor};
use crate::changes::{self, Change, Kind};
use crate::parties::{self, PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Date;
use crate::playbooks::lay_out::{Laid, lay_out};
use crate::playbooks::policy;
use crate::playbooks::store as playbooks;

pub struct ApplyIt;

impl Action for ApplyIt {
    const RULE: Rule = policy::PREPARE;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Where a playbook is laid out, and from when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"playbook_id": "019b1c5e-7a00-7000-8000-0000000000b1", "introduction_id": "019b1c5e-7a00-7000-8000-000000000041", "start_on": "2026-03-06"}))]
pub struct ApplyPlaybook {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// The playbook.
    pub playbook_id: Uuid,
    /// The introduction, for a playbook of introductions.
    pub introduction_id: Option<Uuid>,
    /// From which date.
    pub start_on: Date,
}

/// Apply a playbook.
///
/// All of its steps or none. Yours are promises; the partner's are proposed to it. What waits for what stays with the
/// steps.
#[utoipa::path(tag = "playbooks", params(PartnershipPath),
    security(("person" = []), ("machine" = [ApplyIt::SCOPE])),
    responses((status = 201, description = "What was laid out.", body = PlaybookApplication)))]
#[post("/v1/partnerships/{partnership_id}/playbook-applications")]
pub async fn apply_playbook(
    party: Allowed<ApplyIt>,
    Json(body): Json<ApplyPlaybook>,
    app: App,
) -> ApiResult<Answer<PlaybookApplication>> {
    let caller = party.caller();
    party
        .once(StatusCode::CREATED, async |tx| {
            apply(tx, &app, caller, &party, &body).await
        })
        .await
}

/// Lays a playbook out for a party.
pub async fn apply(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    party: &Party,
    body: &ApplyPlaybook,
) -> ApiResult<PlaybookApplication> {
    let held = parties::hold(tx, party.partnership_id, caller.firm_id).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    let now = app.clock.now();
    let wanted = Wanted {
        playbook_id: body.playbook_id,
        introduction_id: body.introduction_id,
        start_on: body.start_on,
    };
    // Nobody writes another version, or puts it away, before this is done.
    playbooks::hold_live(tx, party.us, wanted.playbook_id).await?;
    let ground = prepare(tx, &party, &wanted).await?;
    let ground = ground.map_err(|wrong| Problem::invalid(fields(wrong, "/")))?;
    let script = ground.playbook.script();
    let from = (wanted.start_on, ground.direction);
    let laid = lay_out(&script, from, &ground.calendars, || app.ids.id(now));
    for one in &laid {
        let step = step(one, &wanted);
        action_steps::create(tx, app, caller, &party, &step).await?;
        action_steps::link(tx, one.id, &predecessors(one, &laid)).await?;
    }
    let id = body.id.unwrap_or_else(|| app.ids.id(now));
    let version = (wanted.playbook_id, ground.playbook.version);
    store::insert(tx, caller, (id, version), (&party, &wanted), now).await?;
    store::insert_steps(tx, id, &laid).await?;
    let change = Change::by(caller, Kind::PlaybookApplication, id, "created", now)
        .within(party.partnership_id);
    changes::record(tx, change).await?;
    let made = store::find(tx, caller.firm_id, id).await?;
    made.ok_or_else(|| Problem::not_found().into())
}

fn step(laid: &Laid<'_>, wanted: &Wanted) -> CreateActionStep {
    let step = laid.step;
    CreateActionStep {
        id: Some(laid.id),
        owner: laid.owner,
        owner_member_id: None,
        introduction_id: wanted.introduction_id,
        kind: step.kind,
        channel: step.channel,
        topic: step.topic.clone(),
        follows_id: None,
        section: None,
        title: step.title.clone(),
        detail: step.detail.clone(),
        due_on: Some(laid.due_on),
        length_days: Some(step.length_days),
        // They are linked once the step is there: its date is the playbook's, even on a day off.
        after: Vec::new(),
    }
}

/// The steps that were laid out before, for which this one waits. What comes after the start alone waits for nobody.
fn predecessors(one: &Laid<'_>, laid: &[Laid<'_>]) -> Vec<Predecessor> {
    let links = one.step.after.iter().filter_map(|link| {
        let key = link.key.as_deref()?;
        let before = laid.iter().find(|before| before.step.key == key)?;
        Some(Predecessor {
            action_step_id: before.id,
            lag: link.lag,
        })
    });
    links.collect()
}

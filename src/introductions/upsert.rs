//! Drafts or edits an introduction by its id in another system.

use actix_web::put;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::create::{CreateIntroduction, draft, name_the_open_one};
use super::model::{Direction, Introduction};
use super::{events, external_ids, policy, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ALREADY_EXISTS, ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, ExternalIdPath, Json, Outcome};
use crate::platform::values::Money;
use crate::{changes, parties};

pub(super) struct UpsertIntroduction;

impl Action for UpsertIntroduction {
    const RULE: Rule = policy::PREPARE;
    type Path = ExternalIdPath;
    type Subject = ExternalIdPath;
}

/// An introduction as another system has it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "partnership_id": "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a10", "client_id": "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a11",
    "summary": "Sells her practice next year and needs tax advice.",
}))]
pub struct PutIntroduction {
    /// The partnership.
    pub partnership_id: Uuid,
    /// Your client.
    pub client_id: Uuid,
    /// Why the two should meet. The receiver reads it while the identity is sealed: name no names.
    #[schema(min_length = 1, max_length = 2000)]
    pub summary: Option<String>,
    /// What you expect it to be worth.
    pub expected_value: Option<Money>,
    /// For a new one: the closed introduction of this client to the same partner that it follows.
    pub previous_id: Option<Uuid>,
}

/// Create or replace an introduction by external id.
///
/// Repeat it as often as you like: the `Quid-Upsert` header tells whether the introduction was
/// `created` as a draft, `updated` or `unchanged`. Stages are moved by their own operations.
#[utoipa::path(tag = "introductions", params(ExternalIdPath),
    security(("person" = []), ("machine" = [UpsertIntroduction::SCOPE])),
    responses((status = 200, description = "The introduction; it was there.", body = Introduction),
        (status = 201, description = "The draft; it was created.", body = Introduction)))]
#[put("/v1/introductions/by-external-id/{system}/{external_id}")]
pub(super) async fn upsert_introduction(
    id: Allowed<UpsertIntroduction>,
    Json(body): Json<PutIntroduction>,
    app: App,
) -> ApiResult<Answer<Introduction>> {
    let caller = id.caller();
    let keys = [store::EXTERNAL_ID_KEY, store::OPEN_KEY];
    match app
        .db
        .write_again(&keys, async |tx| upsert(tx, &app, caller, &id, &body).await)
        .await
    {
        Ok((introduction, outcome)) => Ok(Answer::upserted(introduction, outcome)),
        Err(error) => {
            Err(name_the_open_one(&app, caller, body.client_id, body.partnership_id, error).await?)
        }
    }
}

async fn upsert(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    place: &ExternalIdPath,
    body: &PutIntroduction,
) -> ApiResult<(Introduction, Outcome)> {
    let (firm_id, now) = (caller.firm_id, app.clock.now());
    let viewer = store::Viewer::new(caller, now);
    let found = store::find_by_external_id(tx, viewer, &place.system, &place.external_id).await?;
    let Some(current) = found else {
        return insert(tx, app, caller, place, body).await;
    };
    let is_same =
        current.partnership_id == body.partnership_id && current.client.id == Some(body.client_id);
    if current.direction != Direction::Given || !is_same {
        let problem = Problem::new(
            &ALREADY_EXISTS,
            "This external id is another introduction's.",
        );
        return Err(problem
            .with("existing_id", serde_json::json!(current.id))
            .into());
    }
    let content = (body.summary.as_deref(), body.expected_value.as_ref());
    if content == (current.summary.as_deref(), current.expected_value.as_ref()) {
        return Ok((current, Outcome::Unchanged));
    }
    let Some(changed) = store::edit(tx, firm_id, (current.id, None), content, now).await? else {
        // It is closed, or another request has just made it like this.
        let current = store::judge(tx, firm_id, current.id, now)
            .await?
            .ok_or_else(Problem::not_found)?;
        return if content == (current.summary.as_deref(), current.expected_value.as_ref()) {
            Ok((current, Outcome::Unchanged))
        } else {
            Err(Problem::state_forbids(current.stage.as_str(), &policy::allowed(&current)).into())
        };
    };
    changes::record(tx, events::done(caller, &changed, "updated")).await?;
    Ok((changed, Outcome::Updated))
}

async fn insert(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    place: &ExternalIdPath,
    body: &PutIntroduction,
) -> ApiResult<(Introduction, Outcome)> {
    let (firm_id, now) = (caller.firm_id, app.clock.now());
    let party = parties::find(tx, body.partnership_id, firm_id).await?;
    let party = party.ok_or_else(|| {
        Problem::invalid_field(
            "/partnership_id",
            "unknown",
            "You have no such partnership that was accepted.",
        )
    })?;
    let new = CreateIntroduction {
        id: None,
        client_id: body.client_id,
        summary: body.summary.clone(),
        expected_value: body.expected_value.clone(),
        previous_id: body.previous_id,
    };
    let made = draft(tx, app, caller, &party, &new).await?;
    external_ids::store::insert_external_id(
        tx,
        (firm_id, made.id),
        &place.system,
        &place.external_id,
    )
    .await?;
    let made = store::judge(tx, firm_id, made.id, now)
        .await?
        .unwrap_or(made);
    Ok((made, Outcome::Created))
}

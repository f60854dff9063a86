//! Reads what a step waits for.

use actix_web::get;
use uuid::Uuid;

use super::date::earliest;
use super::model::StepPredecessors;
use super::store;
use crate::action_steps::ActionStep;
use crate::action_steps::get::StepPath;
use crate::action_steps::{policy, store as steps};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, FoundAt, Shown};
use crate::platform::values::Timestamp;
use crate::work_calendar;

/// A step with what it waits for.
#[derive(Debug)]
pub struct Waiting {
    /// The step.
    pub step: ActionStep,
    /// What it waits for.
    pub shown: StepPredecessors,
}

/// A step with what it waits for, as a firm sees it.
pub async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Waiting>> {
    let Some(step) = steps::find(conn, firm_id, id).await? else {
        return Ok(None);
    };
    let after = store::list(conn, id).await?;
    let calendar = work_calendar::days_of(conn, step.owner_firm_id).await?;
    let finishes = store::finishes(conn, &after).await?;
    let shown = StepPredecessors {
        action_step_id: id,
        earliest_due_on: earliest(&calendar, &after, &finishes, step.length_days),
        after,
        version: step.version,
    };
    Ok(Some(Waiting { step, shown }))
}

impl FoundAt<StepPath> for Waiting {
    async fn find_at(app: &App, caller: &Caller, path: StepPath) -> ApiResult<Option<Self>> {
        app.db
            .read(async |conn| find(conn, caller.firm_id, path.action_step_id).await)
            .await
    }
}

impl Shown for StepPredecessors {
    const COLLECTION: &'static str = "/v1/action-steps/";

    fn id(&self) -> Uuid {
        self.action_step_id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        let found = find(conn, caller.firm_id, id).await?;
        Ok(found.map(|waiting| waiting.shown))
    }
}

pub struct ReadPredecessors;

impl Action for ReadPredecessors {
    const RULE: Rule = policy::READ;
    type Path = StepPath;
    type Subject = StepPredecessors;
}

/// Read what an action step waits for.
///
/// Either party's; with the earliest date on which it can be due.
#[utoipa::path(tag = "action steps", params(StepPath), security(("person" = []), ("machine" = [ReadPredecessors::SCOPE])),
    responses((status = 200, description = "What it waits for.", body = StepPredecessors)))]
#[get("/v1/action-steps/{action_step_id}/predecessors")]
pub async fn get_predecessors(step: Allowed<ReadPredecessors>) -> Answer<StepPredecessors> {
    Answer::ok(step.into_subject())
}

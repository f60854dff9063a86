//! Changes a draft.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;

use super::create::check;
use super::get::VersionPath;
use super::model::PlanVersion;
use super::sections::SectionBody;
use super::{events, policy, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, stale};
use crate::platform::values::Timestamp;
use crate::{changes, parties};

pub(super) struct ChangeDraft;

impl Action for ChangeDraft {
    const RULE: Rule = policy::PREPARE;
    type Path = VersionPath;
    type Subject = PlanVersion;

    fn judge(_: &Caller, version: &PlanVersion) -> Verdict {
        policy::must_be_draft(version)
    }
}

/// Changes to a draft (RFC 7396). What it says is given as a whole: its members belong together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": {"section": "core_story", "audience": "Owners who will sell within five years",
    "script": "We plan together what you live on, and what the sale leaves of it."}}))]
pub struct PatchPlanVersion {
    /// What it says, of the same section.
    #[schema(nullable = false)]
    pub body: Option<SectionBody>,
}

/// Change a draft.
///
/// With `If-Match`, so that two people of the firm do not undo each other's work.
#[utoipa::path(tag = "plan", params(VersionPath),
    security(("person" = []), ("machine" = [ChangeDraft::SCOPE])),
    responses((status = 200, description = "The draft.", body = PlanVersion)))]
#[patch("/v1/plan-versions/{plan_version_id}")]
pub(super) async fn patch_plan_version(
    draft: Allowed<ChangeDraft>,
    Json(body): Json<PatchPlanVersion>,
    app: App,
) -> ApiResult<Answer<PlanVersion>> {
    draft.unchanged()?;
    let (caller, now) = (draft.caller(), app.clock.now());
    let wanted = body.body.unwrap_or_else(|| draft.body.clone());
    if wanted.section() != draft.section {
        let detail = "A draft stays with its section.";
        return Err(Problem::invalid_field("/body/section", "other_section", detail).into());
    }
    let changed = app
        .db
        .write(async |tx| write(tx, caller, &draft, &wanted, now).await)
        .await?;
    Ok(Answer::ok(changed))
}

async fn write(
    tx: &Tx,
    caller: &Caller,
    draft: &PlanVersion,
    wanted: &SectionBody,
    now: Timestamp,
) -> ApiResult<PlanVersion> {
    let held = parties::hold(tx, draft.partnership_id, caller.firm_id).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    check(tx, party.us, wanted, now).await?;
    let of = (draft.id, draft.version);
    let Some(changed) = store::edit(tx, &party, of, wanted, now).await? else {
        let current = store::find(tx, party.us, draft.id).await?;
        let current = current.ok_or_else(Problem::not_found)?;
        policy::must_be_draft(&current)?;
        // Like this already, or somebody was faster.
        return if current.version == draft.version {
            Ok(current)
        } else {
            Err(stale(&current))
        };
    };
    changes::record(tx, events::drafted(caller, &changed, "updated")).await?;
    Ok(changed)
}

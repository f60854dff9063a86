//! Removes a draft.

use actix_web::{HttpResponse, delete};

use super::get::VersionPath;
use super::model::PlanVersion;
use super::{events, policy, store};
use crate::changes;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, no_content};

pub(super) struct RemoveDraft;

impl Action for RemoveDraft {
    const RULE: Rule = policy::PREPARE;
    type Path = VersionPath;
    type Subject = PlanVersion;

    fn judge(_: &Caller, version: &PlanVersion) -> Verdict {
        policy::must_be_draft(version)
    }
}

/// Remove a draft.
///
/// What was proposed stays; it is withdrawn instead.
#[utoipa::path(tag = "plan", params(VersionPath),
    security(("person" = []), ("machine" = [RemoveDraft::SCOPE])),
    responses((status = 204, description = "It is removed."),
        (status = 409, description = "It is no draft any more.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json")))]
#[delete("/v1/plan-versions/{plan_version_id}")]
pub(super) async fn delete_plan_version(
    draft: Allowed<RemoveDraft>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now) = (draft.caller(), app.clock.now());
    app.db
        .write(async |tx| {
            let removed = store::remove(tx, caller.firm_id, draft.id).await?;
            let version = removed.ok_or_else(Problem::not_found)?;
            let gone = PlanVersion {
                version,
                updated_at: now,
                ..PlanVersion::clone(&draft)
            };
            changes::record(tx, events::drafted(caller, &gone, "deleted")).await
        })
        .await?;
    Ok(no_content())
}

//! Edits an introduction.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;

use super::get::IntroductionPath;
use super::model::Introduction;
use super::{events, policy, store};
use crate::changes;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, present, stale};
use crate::platform::values::Money;

pub(super) struct EditIntroduction;

impl Action for EditIntroduction {
    const RULE: Rule = policy::PREPARE;
    type Path = IntroductionPath;
    type Subject = Introduction;

    fn judge(_: &Caller, introduction: &Introduction) -> Verdict {
        policy::may_edit(introduction.direction)
    }
}

/// Changes to an introduction (RFC 7396): what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"summary": "Sells her practice in spring.", "expected_value": null}))]
pub struct PatchIntroduction {
    /// Why the two should meet.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub summary: Option<Option<String>>,
    /// What you expect it to be worth.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Money>)]
    pub expected_value: Option<Option<Money>>,
}

/// Edit an introduction.
///
/// As long as it is open, the introducer alone; with `If-Match`.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [EditIntroduction::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[patch("/v1/introductions/{introduction_id}")]
pub(super) async fn patch_introduction(
    introduction: Allowed<EditIntroduction>,
    Json(body): Json<PatchIntroduction>,
    app: App,
) -> ApiResult<Answer<Introduction>> {
    introduction.unchanged()?;
    let (caller, now) = (introduction.caller(), app.clock.now());
    let summary = body.summary.unwrap_or_else(|| introduction.summary.clone());
    let expected = body
        .expected_value
        .unwrap_or_else(|| introduction.expected_value.clone());
    let changed = app
        .db
        .write(async |tx| {
            let place = (introduction.id, Some(introduction.version));
            let content = (summary.as_deref(), expected.as_ref());
            let Some(changed) = store::edit(tx, caller.firm_id, place, content, now).await? else {
                let current = store::judge(tx, caller.firm_id, introduction.id, now).await?;
                return unchanged_or_refused(
                    &introduction,
                    current.ok_or_else(Problem::not_found)?,
                );
            };
            changes::record(tx, events::done(caller, &changed, "updated")).await?;
            Ok(changed)
        })
        .await?;
    Ok(Answer::ok(changed))
}

/// Nothing was changed: because somebody was faster, it is closed, or it is like that already.
fn unchanged_or_refused(before: &Introduction, current: Introduction) -> ApiResult<Introduction> {
    if current.version != before.version {
        Err(stale(&current))
    } else if !current.stage.is_open() {
        Err(Problem::state_forbids(current.stage.as_str(), &policy::allowed(&current)).into())
    } else {
        Ok(current)
    }
}

//! Compares two versions of a section.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::comparison::{PlanComparison, compare};
use super::get::VersionPath;
use super::model::PlanVersion;
use super::{policy, store};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Error, Problem};
use crate::platform::http::{Action, Allowed, Query, Report};

pub(super) struct CompareVersions;

impl Action for CompareVersions {
    const RULE: Rule = policy::READ;
    type Path = VersionPath;
    type Subject = PlanVersion;
}

/// With which version.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ComparisonQuery {
    /// The older version, of the same section; the proposal before it unless told.
    with: Option<Uuid>,
}

/// Compare two versions of a section.
///
/// What was added, removed and changed since the older one, by field.
#[utoipa::path(tag = "plan", params(VersionPath, ComparisonQuery),
    security(("person" = []), ("machine" = [CompareVersions::SCOPE])),
    responses((status = 200, description = "The comparison.", body = PlanComparison)))]
#[get("/v1/plan-versions/{plan_version_id}/comparison")]
pub(super) async fn compare_plan_versions(
    version: Allowed<CompareVersions>,
    query: Query<ComparisonQuery>,
    app: App,
) -> ApiResult<Report<PlanComparison>> {
    let (firm_id, with) = (version.caller().firm_id, query.0.with);
    let older = app.db.read(async |conn| match with {
        Some(id) => store::find(conn, firm_id, id).await,
        None => store::find_before(conn, firm_id, &version).await,
    });
    let older = older.await?;
    if let Some(id) = with {
        let fits = older.as_ref().is_some_and(|older| {
            (older.partnership_id, older.section) == (version.partnership_id, version.section)
        });
        if !fits {
            let detail = format!("There is no version {id} of this section.");
            return Err(Problem::malformed("with", "unknown", detail).into());
        }
    }
    let json = |version: &PlanVersion| {
        serde_json::to_value(&version.body).map_err(|error| Error::broken(error.to_string()))
    };
    let before = older.as_ref().map(json).transpose()?.unwrap_or_default();
    Ok(Report(PlanComparison {
        id: version.id,
        with_id: older.map(|older| older.id),
        differences: compare(&before, &json(&version)?),
    }))
}

//! Looks at what a playbook would lay out.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::{PlaybookDate, PlaybookPreview};
use super::prepare::{Wanted, prepare};
use crate::parties::{PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Query, Report};
use crate::platform::values::Date;
use crate::playbooks::lay_out::lay_out;
use crate::playbooks::policy;

pub struct PreviewPlaybook;

impl Action for PreviewPlaybook {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// What would be laid out.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlaybookPreviewQuery {
    /// The playbook.
    playbook_id: Uuid,
    /// The introduction, for a playbook of introductions.
    introduction_id: Option<Uuid>,
    /// From which date.
    #[param(inline)]
    start_on: Date,
}

/// Preview a playbook.
///
/// The steps that it would lay out in a partnership, with their owners and dates. Nothing is written.
#[utoipa::path(tag = "playbooks", params(PartnershipPath, PlaybookPreviewQuery),
    security(("person" = []), ("machine" = [PreviewPlaybook::SCOPE])),
    responses((status = 200, description = "What would be laid out.", body = PlaybookPreview)))]
#[get("/v1/partnerships/{partnership_id}/playbook-preview")]
pub async fn preview_playbook(
    party: Allowed<PreviewPlaybook>,
    Query(asked): Query<PlaybookPreviewQuery>,
    app: App,
) -> ApiResult<Report<PlaybookPreview>> {
    let wanted = Wanted {
        playbook_id: asked.playbook_id,
        introduction_id: asked.introduction_id,
        start_on: asked.start_on,
    };
    let read = app
        .db
        .read(async |conn| prepare(conn, &party, &wanted).await);
    let ground = match read.await? {
        Ok(ground) => ground,
        Err(wrong) => {
            let (field, code, detail) = wrong.first().copied().unwrap_or_default();
            return Err(Problem::malformed(field, code, detail).into());
        }
    };
    let script = ground.playbook.script();
    let from = (wanted.start_on, ground.direction);
    let laid = lay_out(&script, from, &ground.calendars, Uuid::nil);
    Ok(Report(PlaybookPreview {
        playbook_id: ground.playbook.id,
        playbook_version: ground.playbook.version,
        start_on: wanted.start_on,
        steps: laid.iter().map(PlaybookDate::from).collect(),
    }))
}

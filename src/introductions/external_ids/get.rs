//! Reads an introduction by its id in another system.

use actix_web::get;

use crate::introductions::store::Viewer;
use crate::introductions::{Introduction, policy, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, ExternalIdPath, FoundAt};

pub struct LookUpIntroduction;

impl FoundAt<ExternalIdPath> for Introduction {
    async fn find_at(app: &App, caller: &Caller, path: ExternalIdPath) -> ApiResult<Option<Self>> {
        let viewer = Viewer::new(caller, app.clock.now());
        let (system, id) = (&path.system, &path.external_id);
        app.db
            .read(async |conn| store::find_by_external_id(conn, viewer, system, id).await)
            .await
    }
}

impl Action for LookUpIntroduction {
    const RULE: Rule = policy::READ;
    type Path = ExternalIdPath;
    type Subject = Introduction;
}

/// Read an introduction by external id.
///
/// The introduction that has this id in another system of your firm, whichever side you are on.
#[utoipa::path(tag = "introductions", params(ExternalIdPath),
    security(("person" = []), ("machine" = [LookUpIntroduction::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[get("/v1/introductions/by-external-id/{system}/{external_id}")]
pub async fn get_introduction_by_external_id(
    introduction: Allowed<LookUpIntroduction>,
) -> Answer<Introduction> {
    Answer::ok(introduction.into_subject())
}

//! Reads one introduction.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::store::Viewer;
use super::{Introduction, policy, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, FoundAt, Shown};
use crate::platform::values::Timestamp;

/// Which introduction.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct IntroductionPath {
    /// The introduction's id.
    pub introduction_id: Uuid,
}

impl Shown for Introduction {
    const COLLECTION: &'static str = "/v1/introductions/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(
        conn: &Conn,
        caller: &Caller,
        id: Uuid,
        now: Timestamp,
    ) -> ApiResult<Option<Self>> {
        store::find(conn, Viewer::new(caller, now), id).await
    }
}

/// To be judged, not shown: nothing here tells a receiver who the client is.
impl FoundAt<IntroductionPath> for Introduction {
    async fn find_at(
        app: &App,
        caller: &Caller,
        path: IntroductionPath,
    ) -> ApiResult<Option<Self>> {
        let now = app.clock.now();
        app.db
            .read(async |conn| store::judge(conn, caller.firm_id, path.introduction_id, now).await)
            .await
    }
}

pub(super) struct ReadIntroduction;

impl Action for ReadIntroduction {
    const RULE: Rule = policy::READ;
    type Path = IntroductionPath;
    type Subject = Introduction;

    /// Whom it shows, it writes into the disclosure log.
    async fn find(
        app: &App,
        caller: &Caller,
        path: IntroductionPath,
    ) -> ApiResult<Option<Introduction>> {
        let viewer = Viewer::new(caller, app.clock.now());
        app.db
            .read(async |conn| store::find(conn, viewer, path.introduction_id).await)
            .await
    }
}

/// Read an introduction.
///
/// As your party may see it now: for the receiver the client's identity is sealed until the client's
/// consent stands and it has accepted.
#[utoipa::path(tag = "introductions", params(IntroductionPath),
    security(("person" = []), ("machine" = [ReadIntroduction::SCOPE])),
    responses((status = 200, description = "The introduction.", body = Introduction)))]
#[get("/v1/introductions/{introduction_id}")]
pub(super) async fn get_introduction(
    introduction: Allowed<ReadIntroduction>,
) -> Answer<Introduction> {
    Answer::ok(introduction.into_subject())
}

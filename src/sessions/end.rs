//! Ends one of the caller's sessions.

use actix_web::{HttpResponse, delete};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Session, store};
use crate::platform::app::App;
use crate::platform::auth::{self, Caller, Duty, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, IdPath, Shown, no_content};
use crate::platform::values::Timestamp;

pub(super) struct EndSession;

/// Which session.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct SessionPath {
    /// The session's id.
    session_id: Uuid,
}

impl IdPath for SessionPath {
    fn id(&self) -> Uuid {
        self.session_id
    }
}

impl Action for EndSession {
    const RULE: Rule = Rule::people(Duty::Read);
    type Path = SessionPath;
    type Subject = Session;
}

impl Shown for Session {
    const COLLECTION: &'static str = "/v1/sessions/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(
        conn: &Conn,
        caller: &Caller,
        id: Uuid,
        now: Timestamp,
    ) -> ApiResult<Option<Self>> {
        store::find(conn, (caller.actor_id(), caller.credential_id), id, now).await
    }
}

/// End a session.
///
/// One of your own, as of a phone that is lost. Its tokens are refused everywhere within a second, and its
/// device is a stranger from then on.
#[utoipa::path(tag = "sessions", params(SessionPath), security(("person" = [])),
    responses((status = 204, description = "The session has ended.")))]
#[delete("/v1/sessions/{session_id}")]
pub(super) async fn end_session(session: Allowed<EndSession>, app: App) -> ApiResult<HttpResponse> {
    let (id, current, now) = (session.id, session.caller().credential_id, app.clock.now());
    app.db
        .write(async |tx| {
            store::forget_device_of(tx, id, current).await?;
            store::end(tx, id, now).await?;
            auth::revoke(tx, id).await
        })
        .await?;
    app.remembered.revoke(id);
    Ok(no_content())
}

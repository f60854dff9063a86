//! Reads one touchpoint.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::Touchpoint;
use super::{policy, store, warnings};
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which touchpoint.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TouchpointPath {
    /// The touchpoint's id.
    pub touchpoint_id: Uuid,
}

impl IdPath for TouchpointPath {
    fn id(&self) -> Uuid {
        self.touchpoint_id
    }
}

impl Shown for Touchpoint {
    const COLLECTION: &'static str = "/v1/touchpoints/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        find(conn, caller.firm_id, id).await
    }
}

/// A touchpoint that a firm sees, with what it is warned of.
pub(super) async fn find(conn: &Conn, firm_id: Uuid, id: Uuid) -> ApiResult<Option<Touchpoint>> {
    let Some(found) = store::find(conn, firm_id, id).await? else {
        return Ok(None);
    };
    let mut one = vec![found];
    warnings::warn(conn, firm_id, &mut one).await?;
    Ok(one.pop())
}

pub(super) struct ReadTouchpoint;

impl Action for ReadTouchpoint {
    const RULE: Rule = policy::READ;
    type Path = TouchpointPath;
    type Subject = Touchpoint;
}

/// Read a touchpoint.
///
/// One that is shared, or that your own party wrote.
#[utoipa::path(tag = "touchpoints", params(TouchpointPath),
    security(("person" = []), ("machine" = [ReadTouchpoint::SCOPE])),
    responses((status = 200, description = "The touchpoint.", body = Touchpoint)))]
#[get("/v1/touchpoints/{touchpoint_id}")]
pub(super) async fn get_touchpoint(touchpoint: Allowed<ReadTouchpoint>) -> Answer<Touchpoint> {
    Answer::ok(touchpoint.into_subject())
}

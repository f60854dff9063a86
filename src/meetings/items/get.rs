//! Reads one agenda item.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::AgendaItem;
use super::store;
use crate::meetings::policy;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which agenda item.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct AgendaItemPath {
    /// The item's id.
    pub agenda_item_id: Uuid,
}

impl IdPath for AgendaItemPath {
    fn id(&self) -> Uuid {
        self.agenda_item_id
    }
}

impl Shown for AgendaItem {
    const COLLECTION: &'static str = "/v1/agenda-items/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub struct ReadItem;

impl Action for ReadItem {
    const RULE: Rule = policy::READ;
    type Path = AgendaItemPath;
    type Subject = AgendaItem;
}

/// Read an agenda item.
///
/// Either party's.
#[utoipa::path(tag = "meetings", params(AgendaItemPath),
    security(("person" = []), ("machine" = [ReadItem::SCOPE])),
    responses((status = 200, description = "The item.", body = AgendaItem)))]
#[get("/v1/agenda-items/{agenda_item_id}")]
pub async fn get_agenda_item(item: Allowed<ReadItem>) -> Answer<AgendaItem> {
    Answer::ok(item.into_subject())
}

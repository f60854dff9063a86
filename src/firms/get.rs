//! Reads the caller's own firm.

use actix_web::get;

use super::{Firm, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Duty, Rule, Scope};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, FoundAt, NoPath, Shown};
use crate::platform::values::Timestamp;
use uuid::Uuid;

pub(super) struct ReadFirm;

impl Action for ReadFirm {
    const RULE: Rule = Rule::new(Duty::Read, Scope::FirmRead);
    type Path = NoPath;
    type Subject = Firm;
}

impl FoundAt<NoPath> for Firm {
    async fn find_at(app: &App, caller: &Caller, _: NoPath) -> ApiResult<Option<Self>> {
        app.db
            .read(async |conn| store::find(conn, caller.firm_id).await)
            .await
    }
}

impl Shown for Firm {
    const COLLECTION: &'static str = "/v1/firms/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        if id == caller.firm_id {
            store::find(conn, id).await
        } else {
            Ok(None)
        }
    }
}

/// Read your firm.
///
/// The firm for which the caller acts.
#[utoipa::path(tag = "firms", security(("person" = []), ("machine" = [ReadFirm::SCOPE])),
    responses((status = 200, description = "Your firm.", body = Firm)))]
#[get("/v1/firm")]
pub(super) async fn get_firm(firm: Allowed<ReadFirm>) -> Answer<Firm> {
    Answer::ok(firm.into_subject())
}

//! Tells the caller who it is.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Member, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Duty, Role, Rule, Scope, Who};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, FoundAt, NoPath, Shown};
use crate::platform::values::Timestamp;

pub(super) struct ReadMe;

impl Action for ReadMe {
    const RULE: Rule = Rule::new(Duty::Read, Scope::FirmRead);
    type Path = NoPath;
    type Subject = Me;
}

impl FoundAt<NoPath> for Me {
    async fn find_at(app: &App, caller: &Caller, _: NoPath) -> ApiResult<Option<Self>> {
        let now = app.clock.now();
        app.db
            .read(async |conn| Self::find(conn, caller, caller.actor_id(), now).await)
            .await
    }
}

/// Who the caller is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a11", "firm_id": "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a12",
    "kind": "api_client", "member": null, "role": null, "scopes": ["introductions:read"],
}))]
pub struct Me {
    /// The member's or API client's id.
    pub id: Uuid,
    /// The firm for which it acts.
    pub firm_id: Uuid,
    /// A person or a machine.
    pub kind: CallerKind,
    /// The member, for a person.
    #[schema(nullable)]
    pub member: Option<Member>,
    /// The role, for a person.
    pub role: Option<Role>,
    /// The scopes, for a machine.
    pub scopes: Vec<Scope>,
}

crate::words! {
    /// A person or a machine.
    pub enum CallerKind {
        /// A person.
        Member = "member",
        /// A machine.
        ApiClient = "api_client",
    }
}

impl Shown for Me {
    const COLLECTION: &'static str = "/v1/me/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        let firm_id = caller.firm_id;
        match caller.who {
            Who::Member { role, .. } => {
                let member = store::find(conn, firm_id, id).await?;
                Ok(Some(Self {
                    id,
                    firm_id,
                    kind: CallerKind::Member,
                    member,
                    role: Some(role),
                    scopes: Vec::new(),
                }))
            }
            Who::ApiClient { scopes, .. } => {
                let scopes = scopes.iter().collect();
                Ok(Some(Self {
                    id,
                    firm_id,
                    kind: CallerKind::ApiClient,
                    member: None,
                    role: None,
                    scopes,
                }))
            }
        }
    }
}

/// Who am I?
///
/// The member or API client behind the token, with what it may do.
#[utoipa::path(tag = "members", security(("person" = []), ("machine" = [ReadMe::SCOPE])),
    responses((status = 200, description = "The caller.", body = Me)))]
#[get("/v1/me")]
pub(super) async fn get_me(me: Allowed<ReadMe>) -> Answer<Me> {
    Answer::ok(me.into_subject())
}

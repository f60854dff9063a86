//! Reads one member.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Member, store};
use crate::platform::auth::{Caller, Duty, Rule, Scope};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which member.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MemberPath {
    /// The member's id.
    pub member_id: Uuid,
}

impl IdPath for MemberPath {
    fn id(&self) -> Uuid {
        self.member_id
    }
}

pub(super) struct ReadMember;

impl Action for ReadMember {
    const RULE: Rule = Rule::new(Duty::Read, Scope::MembersRead);
    type Path = MemberPath;
    type Subject = Member;
}

impl Shown for Member {
    const COLLECTION: &'static str = "/v1/members/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

/// Read a member.
///
/// One of your firm, whether active or not.
#[utoipa::path(tag = "members", params(MemberPath),
    security(("person" = []), ("machine" = [ReadMember::SCOPE])),
    responses((status = 200, description = "The member.", body = Member)))]
#[get("/v1/members/{member_id}")]
pub(super) async fn get_member(member: Allowed<ReadMember>) -> Answer<Member> {
    Answer::ok(member.into_subject())
}

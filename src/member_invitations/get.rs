//! Reads one invitation of a member.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::MemberInvitation;
use super::store;
use crate::platform::auth::{Caller, Duty, Rule, Scope};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which invitation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct MemberInvitationPath {
    /// The invitation's id.
    member_invitation_id: Uuid,
}

impl IdPath for MemberInvitationPath {
    fn id(&self) -> Uuid {
        self.member_invitation_id
    }
}

pub(super) struct ReadMemberInvitation;

impl Action for ReadMemberInvitation {
    const RULE: Rule = Rule::new(Duty::Read, Scope::MembersRead);
    type Path = MemberInvitationPath;
    type Subject = MemberInvitation;
}

impl Shown for MemberInvitation {
    const COLLECTION: &'static str = "/v1/member-invitations/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(
        conn: &Conn,
        caller: &Caller,
        id: Uuid,
        now: Timestamp,
    ) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id, now).await
    }
}

/// Read an invitation of a member.
///
/// One of your firm, however far it has come.
#[utoipa::path(tag = "members", params(MemberInvitationPath),
    security(("person" = []), ("machine" = [ReadMemberInvitation::SCOPE])),
    responses((status = 200, description = "The invitation.", body = MemberInvitation)))]
#[get("/v1/member-invitations/{member_invitation_id}")]
pub(super) async fn get_member_invitation(
    invitation: Allowed<ReadMemberInvitation>,
) -> Answer<MemberInvitation> {
    Answer::ok(invitation.into_subject())
}

//! Revokes an invitation of a member.

use actix_web::http::StatusCode;
use actix_web::post;

use super::get::MemberInvitationPath;
use super::model::MemberInvitation;
use super::store;
use crate::changes::{self, Change, Kind};
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer};

pub(super) struct RevokeMemberInvitation;

impl Action for RevokeMemberInvitation {
    const RULE: Rule = Rule::people(Duty::Run);
    type Path = MemberInvitationPath;
    type Subject = MemberInvitation;
}

/// Revoke an invitation of a member.
///
/// Its token is refused from then on.
#[utoipa::path(tag = "members", params(MemberInvitationPath), security(("person" = [])),
    responses((status = 200, description = "The invitation.", body = MemberInvitation)))]
#[post("/v1/member-invitations/{member_invitation_id}/revoke")]
pub(super) async fn revoke_member_invitation(
    invitation: Allowed<RevokeMemberInvitation>,
    app: App,
) -> ApiResult<Answer<MemberInvitation>> {
    let (caller, now) = (invitation.caller(), app.clock.now());
    invitation
        .once(StatusCode::OK, async |tx| {
            let was_pending = store::revoke(tx, caller.firm_id, invitation.id, now).await?;
            let current = store::find(tx, caller.firm_id, invitation.id, now).await?;
            let current = current.ok_or_else(Problem::not_found)?;
            if !was_pending {
                return Err(Problem::state_forbids(current.state.as_str(), &[]).into());
            }
            let change = Change::by(caller, Kind::MemberInvitation, current.id, "revoke", now);
            changes::record(tx, change.version(current.version)).await?;
            Ok(current)
        })
        .await
}

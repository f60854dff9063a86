//! Deactivates a member.

use actix_web::http::StatusCode;
use actix_web::post;

use crate::changes::{Change, Kind};
use crate::members::{Member, MemberPath};
use crate::platform::app::App;
use crate::platform::auth::{self, Duty, Rule};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer};
use crate::{calendar_feeds, changes, contacts, members, sessions};

pub(super) struct SwitchMember;

impl Action for SwitchMember {
    const RULE: Rule = Rule::people(Duty::Run);
    type Path = MemberPath;
    type Subject = Member;
}

/// Deactivate a member.
///
/// Who left the firm is signed out within a second and can't sign in; what it did stays. The last active
/// admin can't be deactivated, nor can whoever leads an open partnership before it has a successor. Partners are
/// not told any more to call who was a contact of theirs.
#[utoipa::path(tag = "members", params(MemberPath), security(("person" = [])),
    responses((status = 200, description = "The member.", body = Member)))]
#[post("/v1/members/{member_id}/deactivate")]
pub(super) async fn deactivate_member(
    member: Allowed<SwitchMember>,
    app: App,
) -> ApiResult<Answer<Member>> {
    let (caller, now) = (member.caller(), app.clock.now());
    let answer = member
        .once(StatusCode::OK, async |tx| {
            let left = members::deactivate(tx, caller.firm_id, member.id, now).await?;
            let left =
                left.ok_or_else(|| Problem::state_forbids("deactivated", &["reactivate"]))?;
            sessions::end_of(tx, member.id, now).await?;
            auth::revoke(tx, member.id).await?;
            let change = Change::by(caller, Kind::Member, member.id, "deactivate", now);
            changes::record(tx, change.version(left.version)).await?;
            calendar_feeds::revoke(tx, (caller.firm_id, member.id), caller.actor_id(), now).await?;
            contacts::tell_of_member(tx, caller, member.id, now).await?;
            Ok(left)
        })
        .await?;
    app.remembered.revoke(member.id);
    Ok(answer)
}

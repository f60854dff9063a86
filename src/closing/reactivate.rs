//! Reactivates a member.

use actix_web::http::StatusCode;
use actix_web::post;

use super::deactivate::SwitchMember;
use crate::changes::{Change, Kind};
use crate::members::{Member, MemberPath};
use crate::platform::app::App;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Allowed, Answer};
use crate::{changes, contacts, firms, members, partnerships};

/// Reactivate a member.
///
/// Who came back signs in with the old password, and finds what was proposed meanwhile.
#[utoipa::path(tag = "members", params(MemberPath), security(("person" = [])),
    responses((status = 200, description = "The member.", body = Member)))]
#[post("/v1/members/{member_id}/reactivate")]
pub(super) async fn reactivate_member(
    member: Allowed<SwitchMember>,
    app: App,
) -> ApiResult<Answer<Member>> {
    let (caller, now) = (member.caller(), app.clock.now());
    member
        .once(StatusCode::OK, async |tx| {
            members::lock_address(tx, &member.email).await?;
            members::lock(tx, caller.firm_id).await?;
            firms::must_stay_open(tx, caller.firm_id).await?;
            let back = members::reactivate(tx, caller.firm_id, member.id, now).await?;
            let back = back.ok_or_else(|| Problem::state_forbids("active", &["deactivate"]))?;
            let change = Change::by(caller, Kind::Member, member.id, "reactivate", now);
            changes::record(tx, change.version(back.version)).await?;
            contacts::tell_of_member(tx, caller, member.id, now).await?;
            partnerships::find_proposals(tx, &back, now).await?;
            Ok(back)
        })
        .await
}

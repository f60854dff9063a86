//! Changes a member's role.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;

use super::get::MemberPath;
use super::{Member, keep_in_order, store};
use crate::changes::{self, Change, Kind};
use crate::platform::app::App;
use crate::platform::auth::{self, Duty, Role, Rule};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, stale};

pub(super) struct ChangeMember;

impl Action for ChangeMember {
    const RULE: Rule = Rule::people(Duty::Run);
    type Path = MemberPath;
    type Subject = Member;
}

/// Changes to a member (RFC 7396): what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "advisor"}))]
pub struct PatchMember {
    /// What the member may do.
    #[schema(nullable = false)]
    pub role: Option<Role>,
}

/// Change a member's role.
///
/// It holds everywhere within a second. The last active admin stays one, and whoever leads a partnership
/// stays admin or advisor until somebody else leads it.
#[utoipa::path(tag = "members", params(MemberPath), security(("person" = [])),
    responses((status = 200, description = "The member.", body = Member)))]
#[patch("/v1/members/{member_id}")]
pub(super) async fn patch_member(
    member: Allowed<ChangeMember>,
    Json(body): Json<PatchMember>,
    app: App,
) -> ApiResult<Answer<Member>> {
    member.unchanged()?;
    let (caller, now) = (member.caller(), app.clock.now());
    let role = body.role.unwrap_or(member.role);
    let changed = app
        .db
        .write(async |tx| {
            store::lock(tx, caller.firm_id).await?;
            let version = store::change_role(tx, &member, role, now).await?;
            let current = store::find(tx, caller.firm_id, member.id).await?;
            let current = current.ok_or_else(Problem::not_found)?;
            match version {
                Some(version) => {
                    keep_in_order(tx, &current).await?;
                    auth::revoke(tx, member.id).await?;
                    let change = Change::by(caller, Kind::Member, member.id, "updated", now);
                    changes::record(tx, change.version(version)).await?;
                    Ok(current)
                }
                None if current.version == member.version => Ok(current),
                None => Err(stale(&current)),
            }
        })
        .await?;
    app.remembered.revoke(member.id);
    Ok(Answer::ok(changed))
}

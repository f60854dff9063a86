//! Lists the invitations of members.

use actix_web::get;

use super::model::MemberInvitation;
use super::store;
use crate::page;
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule, Scope};
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed, NoPath};

page!(
    MemberInvitationPage,
    MemberInvitation,
    "A page of invitations of members."
);

pub(super) struct ListMemberInvitations;

impl Action for ListMemberInvitations {
    const RULE: Rule = Rule::new(Duty::Read, Scope::MembersRead);
    type Path = NoPath;
    type Subject = ();
}

/// List your firm's invitations of members.
///
/// Newest first, with those that are over.
#[utoipa::path(tag = "members", params(PageQuery),
    security(("person" = []), ("machine" = [ListMemberInvitations::SCOPE])),
    responses((status = 200, description = "A page of invitations.", body = MemberInvitationPage)))]
#[get("/v1/member-invitations")]
pub(super) async fn list_member_invitations(
    firm: Allowed<ListMemberInvitations>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<MemberInvitation>> {
    let (firm_id, now) = (firm.caller().firm_id, app.clock.now());
    let place = (listing.after, listing.rows());
    let rows = app
        .db
        .read(async |conn| store::list(conn, firm_id, place, now).await)
        .await?;
    Ok(listing.page(rows, |invitation| invitation.id))
}

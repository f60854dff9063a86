//! Lists the members of the caller's firm.

use actix_web::get;

use super::{Member, store};
use crate::page;
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule, Scope};
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed, NoPath};

page!(MemberPage, Member, "A page of members.");

pub(super) struct ListMembers;

impl Action for ListMembers {
    const RULE: Rule = Rule::new(Duty::Read, Scope::MembersRead);
    type Path = NoPath;
    type Subject = ();
}

/// List your firm's members.
///
/// In the order in which they joined.
#[utoipa::path(tag = "members", params(PageQuery),
    security(("person" = []), ("machine" = [ListMembers::SCOPE])),
    responses((status = 200, description = "A page of members.", body = MemberPage)))]
#[get("/v1/members")]
pub(super) async fn list_members(
    firm: Allowed<ListMembers>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<Member>> {
    let firm_id = firm.caller().firm_id;
    let rows = app
        .db
        .read(async |conn| store::list(conn, firm_id, listing.after, listing.rows()).await)
        .await?;
    Ok(listing.page(rows, |member| member.id))
}

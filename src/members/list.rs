//! Lists the members of the caller's firm.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Member, store};
use crate::page;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Duty, Rule, Scope};
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page, Paged};
use crate::platform::http::{Action, Allowed, NoPath};

page!(MemberPage, Member, "A page of members.");

pub(super) struct ListMembers;

impl Action for ListMembers {
    const RULE: Rule = Rule::new(Duty::Read, Scope::MembersRead);
    type Path = NoPath;
    type Subject = ();

    async fn find(_: &App, _: &Caller, _: NoPath) -> ApiResult<Option<()>> {
        Ok(Some(()))
    }
}

/// Which members.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MembersQuery {
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

impl Paged for MembersQuery {
    fn limit(&self) -> Limit {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// List your firm's members.
///
/// In the order in which they joined.
#[utoipa::path(tag = "members", params(MembersQuery),
    security(("person" = []), ("machine" = [ListMembers::SCOPE])),
    responses((status = 200, description = "A page of members.", body = MemberPage)))]
#[get("/v1/members")]
pub(super) async fn list_members(
    firm: Allowed<ListMembers>,
    listing: Listing<MembersQuery>,
    app: App,
) -> ApiResult<Page<Member>> {
    let firm_id = firm.caller().firm_id;
    let rows = app
        .db
        .read(async |conn| store::list(conn, firm_id, listing.after, listing.rows()).await)
        .await?;
    Ok(listing.page(rows, |member| member.id))
}

//! Lists the audit log of the caller's firm.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{AuditEntry, store};
use crate::page;
use crate::paged;
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule, Scope};
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed, NoPath};
use crate::platform::values::{Timestamp, Word};

page!(AuditPage, AuditEntry, "A page of the audit log.");

pub(super) struct ReadAudit;

impl Action for ReadAudit {
    const RULE: Rule = Rule::new(Duty::Audit, Scope::AuditRead);
    type Path = NoPath;
    type Subject = ();
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// What this member or API client did.
    actor_id: Option<Uuid>,
    /// What was done to this one.
    resource_id: Option<Uuid>,
    /// What was done to things of this kind, such as `introduction`.
    #[param(inline)]
    kind: Option<Word>,
    /// What was done by this word, such as `accept`.
    #[param(inline)]
    action: Option<Word>,
    /// From this instant on.
    #[param(inline)]
    from: Option<Timestamp>,
    /// Before this instant.
    #[param(inline)]
    until: Option<Timestamp>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(AuditQuery);

/// List the audit log.
///
/// Who did what in your firm, and what partners did to what you share; newest first. Entries can't be
/// changed or removed, and are chained: `tag` covers all that came before.
#[utoipa::path(tag = "audit", params(AuditQuery),
    security(("person" = []), ("machine" = [ReadAudit::SCOPE])),
    responses((status = 200, description = "A page of the audit log.", body = AuditPage)))]
#[get("/v1/audit-entries")]
pub(super) async fn list_audit_entries(
    firm: Allowed<ReadAudit>,
    listing: Listing<AuditQuery>,
    app: App,
) -> ApiResult<Page<AuditEntry>> {
    let firm_id = firm.caller().firm_id;
    let filter = || store::ListFilter {
        actor_id: listing.filter.actor_id,
        resource_id: listing.filter.resource_id,
        kind: listing.filter.kind.clone().map(String::from),
        action: listing.filter.action.clone().map(String::from),
        from: listing.filter.from,
        until: listing.filter.until,
        before: listing.after_number(),
        rows: listing.rows(),
    };
    let read = app
        .db
        .read(async |conn| store::list(conn, firm_id, filter()).await);
    Ok(listing.page_by_number(read.await?, |entry| entry.sequence))
}

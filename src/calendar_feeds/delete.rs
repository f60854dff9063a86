//! Revokes a calendar feed.

use actix_web::{HttpResponse, delete};
use uuid::Uuid;

use super::get::OwnFeed;
use super::store;
use crate::changes::{self, Change, Kind};
use crate::platform::app::App;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Allowed, no_content};
use crate::platform::values::Timestamp;

/// Revoke your calendar feed.
///
/// Its address is of no use from then on; without one there is nothing to do.
#[utoipa::path(tag = "calendar", security(("person" = [])),
    responses((status = 204, description = "There is none any more.")))]
#[delete("/v1/me/calendar-feed")]
pub(super) async fn delete_calendar_feed(
    me: Allowed<OwnFeed>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now) = (me.caller(), app.clock.now());
    let member_id = caller.member_id().ok_or_else(Problem::not_found)?;
    app.db
        .write(async |tx| revoke(tx, caller, member_id, now).await)
        .await?;
    Ok(no_content())
}

/// Revokes the feed of a member, if there is one.
pub async fn revoke(tx: &Tx, caller: &Caller, member_id: Uuid, now: Timestamp) -> ApiResult<()> {
    if store::remove(tx, member_id).await? {
        let change = Change::by(caller, Kind::CalendarFeed, member_id, "deleted", now);
        changes::record(tx, change).await?;
    }
    Ok(())
}

//! Revokes a calendar feed.

use actix_web::{HttpResponse, delete};
use uuid::Uuid;

use super::get::OwnFeed;
use super::store;
use crate::changes::{self, Change, Kind};
use crate::platform::app::App;
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
        .write(async |tx| revoke(tx, (caller.firm_id, member_id), member_id, now).await)
        .await?;
    Ok(no_content())
}

/// Revokes the feed of a member, if there is one, on behalf of somebody.
pub async fn revoke(
    tx: &Tx,
    (firm_id, member_id): (Uuid, Uuid),
    actor_id: Uuid,
    now: Timestamp,
) -> ApiResult<()> {
    if store::remove(tx, member_id).await? {
        let change = Change::of(
            Some(actor_id),
            Kind::CalendarFeed,
            member_id,
            "deleted",
            now,
        )
        .seen_by([firm_id]);
        changes::record(tx, change).await?;
    }
    Ok(())
}

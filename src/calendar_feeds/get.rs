//! Reads whether a member has a calendar feed.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store;
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, NoPath, Report};
use crate::platform::values::Timestamp;

/// The own calendar feed, which is a person's.
pub(super) struct OwnFeed;

impl Action for OwnFeed {
    const RULE: Rule = Rule::people(Duty::Read);
    type Path = NoPath;
    type Subject = ();
}

/// The calendar feed of a member.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CalendarFeed {
    /// The member.
    pub member_id: Uuid,
    /// When its address was made; `null` where there is none.
    pub created_at: Option<Timestamp>,
}

/// Read whether you have a calendar feed.
///
/// Its address was told when it was made, and is not told again.
#[utoipa::path(tag = "calendar", security(("person" = [])),
    responses((status = 200, description = "The feed.", body = CalendarFeed)))]
#[get("/v1/me/calendar-feed")]
pub(super) async fn get_calendar_feed(
    me: Allowed<OwnFeed>,
    app: App,
) -> ApiResult<Report<CalendarFeed>> {
    let member_id = me.caller().member_id().ok_or_else(Problem::not_found)?;
    let created_at = app
        .db
        .read(async |conn| store::find(conn, member_id).await)
        .await?;
    Ok(Report(CalendarFeed {
        member_id,
        created_at,
    }))
}

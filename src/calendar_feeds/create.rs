//! Makes the address of a calendar feed.

use actix_web::{HttpResponse, post};
use serde::Serialize;
use utoipa::ToSchema;

use super::get::OwnFeed;
use super::store;
use crate::changes::{self, Change, Kind};
use crate::platform::app::App;
use crate::platform::digest::Token;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::Allowed;
use crate::platform::values::Timestamp;

/// The address of a calendar feed, which is told this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarFeedAddress {
    /// Give it to your calendar program, and to nobody else: whoever has it reads the feed.
    #[schema(
        example = "https://quid.example/v1/calendars/Zk0n8Qh3v5m1c7Xy2Lw9RtBsPaDfGjKe4UoIi6NbVqM.ics"
    )]
    pub url: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Make the address of your calendar feed.
///
/// An address that you had before is of no use any more. Your conversations and the steps that you owe are read there,
/// without a client's name.
#[utoipa::path(tag = "calendar", security(("person" = [])),
    responses((status = 201, description = "The address.", body = CalendarFeedAddress)))]
#[post("/v1/me/calendar-feed")]
pub(super) async fn create_calendar_feed(
    me: Allowed<OwnFeed>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now) = (me.caller(), app.clock.now());
    let member_id = caller.member_id().ok_or_else(Problem::not_found)?;
    let token = Token::new();
    app.db
        .write(async |tx| {
            let whose = (caller.firm_id, member_id);
            store::replace(tx, whose, &token.digest, now).await?;
            let change = Change::by(caller, Kind::CalendarFeed, member_id, "created", now);
            changes::record(tx, change).await
        })
        .await?;
    let url = &app.settings.public_url;
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(CalendarFeedAddress {
            url: format!("{url}/v1/calendars/{}.ics", token.text),
            created_at: now,
        }))
}

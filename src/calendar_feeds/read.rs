//! Reads a calendar feed, as calendar programs do: by its address alone.

use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{render, store};
use crate::platform::app::App;
use crate::platform::digest::Token;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Public, readable};

/// From so many days ago.
const DAYS_BACK: i64 = 30;
/// Until so many days ahead.
const DAYS_AHEAD: i64 = 366;

/// Which calendar.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct CalendarPath {
    /// The secret of the address, and `.ics`.
    #[param(min_length = 5, max_length = 64)]
    calendar: String,
}

/// Read a calendar.
///
/// By its secret address, without a token: iCalendar (RFC 5545), with an entity tag.
#[utoipa::path(tag = "calendar", params(CalendarPath),
    responses((status = 200, description = "The calendar.", body = String, content_type = "text/calendar")))]
#[get("/v1/calendars/{calendar}")]
pub(super) async fn read_calendar(
    _open: Public,
    path: web::Path<CalendarPath>,
    request: HttpRequest,
    app: App,
) -> ApiResult<HttpResponse> {
    let secret = path.calendar.strip_suffix(".ics");
    let digest = Token::digest_of(secret.ok_or_else(Problem::not_found)?);
    let now = app.clock.now();
    let window = (
        now.plus_seconds(-DAYS_BACK * 86_400),
        now.plus_seconds(DAYS_AHEAD * 86_400),
    );
    let found = app
        .db
        .read(async |conn| store::read(conn, &digest, window).await)
        .await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let url = app.settings.public_url.as_str();
    let calendar = render::calendar(&found, url);
    let mut response = readable(&request, calendar.into_bytes());
    let kind = HeaderValue::from_static("text/calendar; charset=utf-8");
    if response.status().is_success() {
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    Ok(response)
}

//! Reads the days on which a firm works.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store;
use crate::plan::Weekday;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Duty, Rule, Scope};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, FoundAt, NoPath, Shown};
use crate::platform::values::{Date, Name, Timestamp};

/// A day on which a firm does not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The date.
    pub holiday_on: Date,
    /// What it is.
    pub name: Name,
}

/// The days on which a firm works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FirmWorkCalendar {
    /// The firm.
    pub firm_id: Uuid,
    /// The days of the week on which it does not work.
    pub weekend: Vec<Weekday>,
    /// Its holidays, by date.
    pub holidays: Vec<Holiday>,
    /// When it was last changed; `null` before the first time.
    pub updated_at: Option<Timestamp>,
    /// Counts changes; 0 before the first.
    pub version: i32,
}

impl Shown for FirmWorkCalendar {
    const COLLECTION: &'static str = "/v1/firms/";

    fn id(&self) -> Uuid {
        self.firm_id
    }

    async fn find(conn: &Conn, caller: &Caller, _: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id).await.map(Some)
    }
}

impl FoundAt<NoPath> for FirmWorkCalendar {
    async fn find_at(app: &App, caller: &Caller, _: NoPath) -> ApiResult<Option<Self>> {
        app.db
            .read(async |conn| store::find(conn, caller.firm_id).await.map(Some))
            .await
    }
}

pub(super) struct ReadWorkCalendar;

impl Action for ReadWorkCalendar {
    const RULE: Rule = Rule::new(Duty::Read, Scope::FirmRead);
    type Path = NoPath;
    type Subject = FirmWorkCalendar;
}

/// Read on which days your firm works.
///
/// From Monday to Friday and without holidays, until it has said otherwise.
#[utoipa::path(tag = "firms", security(("person" = []), ("machine" = [ReadWorkCalendar::SCOPE])),
    responses((status = 200, description = "The calendar.", body = FirmWorkCalendar)))]
#[get("/v1/firm/work-calendar")]
pub(super) async fn get_work_calendar(
    calendar: Allowed<ReadWorkCalendar>,
) -> Answer<FirmWorkCalendar> {
    Answer::ok(calendar.into_subject())
}

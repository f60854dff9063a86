//! Says on which days a firm works.

use std::collections::BTreeSet;

use actix_web::put;
use serde::Deserialize;
use utoipa::ToSchema;

use super::get::{FirmWorkCalendar, Holiday};
use super::store;
use crate::changes::{self, Change, Kind};
use crate::plan::Weekday;
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule};
use crate::platform::error::{ApiResult, FieldError, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, NoPath, stale};
use crate::platform::values::Date;

pub(super) struct SetWorkCalendar;

impl Action for SetWorkCalendar {
    const RULE: Rule = Rule::people(Duty::Run);
    type Path = NoPath;
    type Subject = FirmWorkCalendar;
}

/// The days on which a firm works, as a whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"weekend": ["saturday", "sunday"], "holidays": [{"holiday_on": "2026-05-25", "name": "Memorial Day"}, {"holiday_on": "2026-07-03", "name": "Independence Day, observed"}]}))]
pub struct PutWorkCalendar {
    /// The days of the week on which it does not work; it works on one at least.
    #[schema(max_items = 6)]
    pub weekend: Vec<Weekday>,
    /// Its holidays, each date once.
    #[schema(max_items = 1000)]
    pub holidays: Vec<Holiday>,
}

impl PutWorkCalendar {
    fn complaints(&self) -> Vec<FieldError> {
        let weekend = repeated("/weekend", self.weekend.iter().copied());
        let holidays = repeated("/holidays", self.holidays.iter().map(|one| one.holiday_on));
        weekend.into_iter().chain(holidays).collect()
    }

    /// The same in its order.
    fn ordered(mut self) -> Self {
        self.weekend.sort_unstable();
        self.holidays.sort_unstable_by_key(|one| one.holiday_on);
        self
    }
}

fn repeated<T: Ord>(place: &str, all: impl Iterator<Item = T>) -> Vec<FieldError> {
    let mut seen = BTreeSet::new();
    all.enumerate()
        .filter_map(|(at, one)| (!seen.insert(one)).then_some(at))
        .map(|at| FieldError::new(format!("{place}/{at}"), "twice", "It is there already."))
        .collect()
}

/// Say on which days your firm works.
///
/// For its admins; with `If-Match`, so that two of them do not undo each other's work. Dates that were laid out
/// before stay; those laid out from now on go by it, and so do forecasts.
#[utoipa::path(tag = "firms", security(("person" = [])),
    responses((status = 200, description = "The calendar.", body = FirmWorkCalendar)))]
#[put("/v1/firm/work-calendar")]
pub(super) async fn put_work_calendar(
    calendar: Allowed<SetWorkCalendar>,
    Json(body): Json<PutWorkCalendar>,
    app: App,
) -> ApiResult<Answer<FirmWorkCalendar>> {
    calendar.unchanged()?;
    let complaints = body.complaints();
    if !complaints.is_empty() {
        return Err(Problem::invalid(complaints).into());
    }
    let wanted = body.ordered();
    if (&wanted.weekend, &wanted.holidays) == (&calendar.weekend, &calendar.holidays) {
        return Ok(Answer::ok(calendar.into_subject()));
    }
    let (caller, now) = (calendar.caller(), app.clock.now());
    let written = app
        .db
        .write(async |tx| {
            let holidays: Vec<(Date, &str)> = wanted
                .holidays
                .iter()
                .map(|one| (one.holiday_on, one.name.as_str()))
                .collect();
            let place = (caller.firm_id, calendar.version);
            let is_written = store::replace(tx, place, &wanted.weekend, &holidays, now).await?;
            let current = store::find(tx, caller.firm_id).await?;
            if !is_written {
                return Err(stale(&current));
            }
            let kind = Kind::WorkCalendar;
            let change = Change::by(caller, kind, caller.firm_id, "updated", now);
            changes::record(tx, change.version(current.version)).await?;
            Ok(current)
        })
        .await?;
    Ok(Answer::ok(written))
}

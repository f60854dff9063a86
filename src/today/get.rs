//! Reads the phone's first screen.

use actix_web::get;

use super::model::{Today, TodayAwaited, TodayOwed, TodaySteps};
use super::store;
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, NoPath, Report};

pub(super) struct ReadToday;

impl Action for ReadToday {
    const RULE: Rule = Rule::people(Duty::Read);
    type Path = NoPath;
    type Subject = ();
}

/// Read today.
///
/// What you owe, what you wait for and whom you speak to next, over all partnerships that you lead and all steps that
/// are yours; in one call. Send the entity tag with `If-None-Match`: it changes when something did, and not before.
#[utoipa::path(tag = "today", security(("person" = [])),
    responses((status = 200, description = "The first screen.", body = Today)))]
#[get("/v1/today")]
pub(super) async fn get_today(firm: Allowed<ReadToday>, app: App) -> ApiResult<Report<Today>> {
    let (caller, now) = (firm.caller(), app.clock.now());
    let member_id = caller.member_id().ok_or_else(Problem::not_found)?;
    let found = app
        .db
        .read(async |conn| store::read(conn, caller.firm_id, member_id, now).await)
        .await?;
    let today_on = now.date_in(&found.zone);
    let steps = |(due, first): store::Steps| TodaySteps::of(&due, first, today_on);
    Ok(Report(Today {
        member_id,
        today_on,
        owed: TodayOwed {
            steps: steps(found.owed),
            to_accept: steps(found.asked),
            offers: found.received,
        },
        awaited: TodayAwaited {
            steps: steps(found.awaited),
            offers: found.given,
        },
        speak_to: found.conversations,
        meetings: found.meetings,
    }))
}

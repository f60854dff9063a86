//! Reads the agenda of a meeting.

use actix_web::get;

use super::agenda::{Gathered, assemble};
use super::model::MeetingAgenda;
use super::store;
use crate::meetings::{self, Meeting, MeetingPath};
use crate::parties::{self, Party};
use crate::plan;
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule, Scope};
use crate::platform::db::Conn;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Report};
use crate::platform::values::{TimeZone, Timestamp};
use crate::reciprocity::{self, Window};
use crate::results;

/// How many open items are told at most: all that both parties can have.
const ITEMS: i64 = 400;
/// When steps are due where no next meeting is planned: a week later.
const WEEK_SECONDS: i64 = 7 * 24 * 3600;

pub(super) struct ReadAgenda;

impl Action for ReadAgenda {
    const RULE: Rule = Rule::new(Duty::Read, Scope::MeetingsRead);
    type Path = MeetingPath;
    type Subject = Meeting;
}

/// Read the agenda of a meeting.
///
/// What the records bring up as they are now, by the elements of the agreement: introductions to answer, clients to be
/// spoken to, steps overdue and due before the next meeting, results off pace, an imbalance, parts of the plan that are
/// missing or stale; and what either party wrote, what was carried over and what is in the parking lot. It names no client.
#[utoipa::path(tag = "meetings", params(MeetingPath),
    security(("person" = []), ("machine" = [ReadAgenda::SCOPE])),
    responses((status = 200, description = "The agenda.", body = MeetingAgenda)))]
#[get("/v1/meetings/{meeting_id}/agenda")]
pub(super) async fn get_agenda(
    meeting: Allowed<ReadAgenda>,
    app: App,
) -> ApiResult<Report<MeetingAgenda>> {
    let (firm_id, now) = (meeting.caller().firm_id, app.clock.now());
    let agenda = app
        .db
        .read(async |conn| {
            let party = parties::find(conn, meeting.partnership_id, firm_id).await?;
            let party = party.ok_or_else(Problem::not_found)?;
            gather(conn, &party, &meeting, now).await
        })
        .await?;
    Ok(Report(agenda))
}

async fn gather(
    conn: &Conn,
    party: &Party,
    meeting: &Meeting,
    now: Timestamp,
) -> ApiResult<MeetingAgenda> {
    let of = (party.us, party.partnership_id);
    let (next, is_next) = futures_util::try_join!(
        meetings::find_after(conn, party.us, meeting),
        meetings::is_next(conn, party.us, meeting, now)
    )?;
    let next_starts_at = next.map_or_else(
        || meeting.starts_at.plus_seconds(WEEK_SECONDS),
        |next| next.starts_at,
    );
    // No zone is more than a day ahead of UTC.
    let before = next_starts_at.plus_seconds(24 * 3600);
    let before = before.date_in(&TimeZone::utc());
    let window = Window::of(None, None, now)?;
    // Sent together, they take one round trip.
    let ((offers, steps), plan, results, reciprocity, items) = futures_util::try_join!(
        store::list_open(conn, party, before),
        plan::find(conn, party),
        results::look(conn, party, now),
        reciprocity::look(conn, party, window, now),
        meetings::list_open_items(conn, of, (meeting.id, is_next), ITEMS)
    )?;
    let gathered = Gathered {
        meeting,
        next_starts_at,
        offers,
        steps,
        sections: &plan.sections,
        metrics: &results.metrics,
        reciprocity: &reciprocity,
        items,
    };
    Ok(assemble(gathered, now))
}

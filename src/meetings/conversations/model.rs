//! What is told of the cadence.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store;
use crate::meetings::cadence::{Cadence, ConversationWeek, cadence};
use crate::meetings::series;
use crate::plan::{self, CommunicationProtocol, PlanSection, SectionBody};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, TimeZone, Timestamp};

/// How many weeks are told unless asked otherwise, with this one.
const WEEKS: i64 = 52;

/// How well the two keep to their weekly conversation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Conversations {
    /// The partnership.
    pub partnership_id: Uuid,
    /// The version of the communication protocol in force; `null` where none is agreed, and then nothing is due.
    pub plan_version_id: Option<Uuid>,
    /// The rule of the series (RFC 5545): `FREQ=WEEKLY;BYDAY=TU`.
    pub rule: Option<String>,
    /// When a conversation begins, on the clock of the zone.
    pub time: Option<String>,
    /// The zone of that clock, and of the weeks.
    pub time_zone: TimeZone,
    /// The first date of the window: the weeks whose Monday is in it are told.
    pub from_on: Date,
    /// The first date after it.
    pub to_on: Date,
    /// In how many weeks of the window the two spoke.
    pub kept: i64,
    /// In how many they should have and did not.
    pub missed: i64,
    /// Both together.
    pub due: i64,
    /// How many weeks in a row were kept, to this day; it looks further back than the window.
    pub streak_weeks: i64,
    /// The weeks of the window that were kept or missed, the earliest first.
    pub weeks: Vec<ConversationWeek>,
    /// When the two last spoke.
    pub last_held_at: Option<Timestamp>,
    /// That conversation.
    pub last_meeting_id: Option<Uuid>,
    /// When the next one is due: the first that is planned in a week that was not kept.
    pub next_due_at: Option<Timestamp>,
    /// That conversation.
    pub next_meeting_id: Option<Uuid>,
}

/// The conversations of a partnership in the last 52 weeks, with this one, as a firm sees them: what was kept of what was
/// due, and the meetings behind it.
pub async fn conversations_kept(
    conn: &Conn,
    firm_id: Uuid,
    partnership_id: Uuid,
    now: Timestamp,
) -> ApiResult<Conversations> {
    look(conn, (firm_id, partnership_id), (None, None), now).await
}

/// The conversations of a partnership in a window of dates.
pub async fn look(
    conn: &Conn,
    of: (Uuid, Uuid),
    (from, to): (Option<Date>, Option<Date>),
    now: Timestamp,
) -> ApiResult<Conversations> {
    let section = PlanSection::CommunicationProtocol;
    // Sent together, they take one round trip.
    let (version, since, spoken) = futures_util::try_join!(
        plan::find_in_force(conn, of.0, of.1, section),
        store::find_since(conn, of),
        store::list_spoken(conn, of)
    )?;
    let agreed = version.and_then(|version| match version.body {
        SectionBody::CommunicationProtocol(protocol) => Some((version.id, protocol)),
        _ => None,
    });
    let (plan_version_id, protocol) = agreed.unzip();
    let zone = |protocol: &CommunicationProtocol| protocol.time_zone.clone();
    let time_zone = protocol.as_ref().map_or_else(TimeZone::utc, zone);
    let to_on = to.unwrap_or_else(|| now.date_in(&time_zone).monday().plus_days(7));
    let from_on = from.unwrap_or_else(|| to_on.plus_days(-7 * WEEKS));
    let found = since.map_or_else(
        || Cadence {
            weeks: Vec::new(),
            streak: 0,
            next_due: None,
        },
        |since| cadence(&spoken, since, &time_zone, (from_on, to_on), now),
    );
    let count = |kept: bool| {
        let weeks = found.weeks.iter().filter(|week| week.kept == kept);
        i64::try_from(weeks.count()).unwrap_or(i64::MAX)
    };
    let last = spoken.iter().filter(|one| one.held_at.is_some());
    let last = last.max_by_key(|one| (one.held_at, one.id));
    let next = spoken.iter().find(|one| Some(one.id) == found.next_due);
    Ok(Conversations {
        partnership_id: of.1,
        plan_version_id,
        rule: protocol.as_ref().map(|one| series::rule(one.weekday)),
        time: protocol.map(|protocol| protocol.time),
        time_zone,
        from_on,
        to_on,
        kept: count(true),
        missed: count(false),
        due: count(true) + count(false),
        streak_weeks: found.streak,
        last_held_at: last.and_then(|one| one.held_at),
        last_meeting_id: last.map(|one| one.id),
        next_due_at: next.map(|one| one.starts_at),
        next_meeting_id: found.next_due,
        weeks: found.weeks,
    })
}

//! Enters a meeting besides the series.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Meeting, MeetingAttendance, MeetingTopic};
use super::{events, policy, states, store};
use crate::parties::{self, PartnershipPath, Party};
use crate::plan::{self, PlanSection, SectionBody};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, FieldError, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::{TimeZone, Timestamp};
use crate::{changes, firms};

/// How long a meeting is that nobody says more of, without a protocol.
const USUAL_MINUTES: i16 = 30;

/// So many conversations besides the series are to come in a partnership at most.
const MOST: i64 = 100;

pub(super) struct EnterMeeting;

impl Action for EnterMeeting {
    const RULE: Rule = policy::PREPARE;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// A conversation besides the series: one that was just held, with `held_at`, or one that is planned, with `starts_at`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"held_at": "2026-03-02T09:10:00Z", "length_minutes": 15, "topics": ["introductions", "personal"]}))]
pub struct CreateMeeting {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// When it is to begin, of one that is planned; not in the past.
    pub starts_at: Option<Timestamp>,
    /// When it began, of one that was held; not in the future.
    pub held_at: Option<Timestamp>,
    /// How long it is or was, in minutes; as the protocol says unless told, and 30 without one.
    #[schema(minimum = 1, maximum = 1440)]
    pub length_minutes: Option<i16>,
    /// Who took part, of one that was held.
    #[schema(nullable)]
    pub attendance: Option<MeetingAttendance>,
    /// What it was about, of one that was held.
    #[schema(max_items = 10)]
    pub topics: Option<Vec<MeetingTopic>>,
    /// The minutes. Both parties read them: name no client.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub minutes_text: Option<String>,
}

/// Enter a meeting besides the series.
///
/// Talking counts whenever it happens: a conversation that was just held moves the cadence on. Or plan one, for an
/// instant. Either party.
#[utoipa::path(tag = "meetings", params(PartnershipPath),
    security(("person" = []), ("machine" = [EnterMeeting::SCOPE])),
    responses((status = 201, description = "The meeting.", body = Meeting)))]
#[post("/v1/partnerships/{partnership_id}/meetings")]
pub(super) async fn create_meeting(
    partnership: Allowed<EnterMeeting>,
    Json(body): Json<CreateMeeting>,
    app: App,
) -> ApiResult<Answer<Meeting>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    let id = body.id.unwrap_or_else(|| app.ids.id(now));
    partnership
        .once(StatusCode::CREATED, async |tx| {
            enter(tx, caller, (id, &partnership), &body, now).await
        })
        .await
}

/// Enters a meeting besides the series, for a party.
pub async fn enter(
    tx: &Tx,
    caller: &Caller,
    (id, party): (Uuid, &Party),
    body: &CreateMeeting,
    now: Timestamp,
) -> ApiResult<Meeting> {
    let held = parties::hold(tx, party.partnership_id, caller.firm_id).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    let nobody = MeetingAttendance::default();
    let attendance = body.attendance.as_ref().unwrap_or(&nobody);
    let topics = body.topics.as_deref().unwrap_or_default();
    let mut errors = misfits(body, now);
    if let Some(held_at) = body.held_at {
        let more = states::complaints(tx, &party, held_at, attendance, topics, now);
        errors.extend(more.await?);
    }
    let begins = body.held_at.or(body.starts_at);
    let Some(starts_at) = begins.filter(|_| errors.is_empty()) else {
        return Err(Problem::invalid(errors).into());
    };
    let is_planned = body.held_at.is_none();
    if is_planned && store::count_besides(tx, &party, now).await? >= MOST {
        return Err(Problem::state_forbids("full", &["skip"]).into());
    }
    let (time_zone, minutes) = usual(tx, &party).await?;
    let held = body.held_at.map(|held_at| store::Held {
        held_at,
        attendance,
        topics,
        minutes_text: None,
    });
    let meeting = store::NewMeeting {
        id,
        starts_at,
        time_zone: &time_zone,
        length_minutes: body.length_minutes.unwrap_or(minutes),
        minutes_text: body.minutes_text.as_deref(),
        held: held.as_ref(),
    };
    let made = store::insert(tx, caller, &party, &meeting, now).await?;
    let actor = Some(caller.actor_id());
    changes::record(tx, events::done(&made, party.us, actor, "created", now)).await?;
    Ok(made)
}

/// What does not go together: a meeting was held or is planned, and only one that was held has an attendance.
fn misfits(body: &CreateMeeting, now: Timestamp) -> Vec<FieldError> {
    let mut errors = Vec::new();
    match (body.starts_at, body.held_at) {
        (None, None) => {
            let detail = "Say when it is to begin, or in `held_at` when it began.";
            errors.push(FieldError::new("/starts_at", "needed", detail));
        }
        (Some(_), Some(_)) => {
            let detail = "One that was held is not to begin.";
            errors.push(FieldError::new("/starts_at", "not_of_kind", detail));
        }
        (Some(starts_at), None) => {
            if starts_at < now {
                let detail = "That is past; record one that was held in `held_at`.";
                errors.push(FieldError::new("/starts_at", "in_the_past", detail));
            }
            for (place, is_there) in [
                ("/attendance", body.attendance.is_some()),
                ("/topics", body.topics.is_some()),
            ] {
                if is_there {
                    let detail = "One that is planned has none.";
                    errors.push(FieldError::new(place, "not_of_kind", detail));
                }
            }
        }
        (None, Some(_)) => {}
    }
    errors
}

/// The zone of a partnership's meetings, and how long they are: as the protocol in force says, and without one by
/// the zone of the firm that enters it.
async fn usual(tx: &Tx, party: &Party) -> ApiResult<(TimeZone, i16)> {
    let section = PlanSection::CommunicationProtocol;
    let version = plan::find_in_force(tx, party.us, party.partnership_id, section).await?;
    match version.map(|version| version.body) {
        Some(SectionBody::CommunicationProtocol(protocol)) => {
            Ok((protocol.time_zone, protocol.minutes))
        }
        _ => Ok((firms::zone(tx, party.us).await?, USUAL_MINUTES)),
    }
}

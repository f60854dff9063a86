//! Changes a touchpoint.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;

use super::content::{Content, NewTouchpointGuest};
use super::create::check;
use super::get::{TouchpointPath, find};
use super::model::{Touchpoint, TouchpointKind, TouchpointState, TouchpointVisibility};
use super::{events, policy, store};
use crate::parties::{self, Side};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, present, stale};
use crate::platform::values::{Date, Money, Timestamp};

pub(super) struct ChangeTouchpoint;

impl Action for ChangeTouchpoint {
    const RULE: Rule = policy::PREPARE;
    type Path = TouchpointPath;
    type Subject = Touchpoint;

    fn judge(_: &Caller, touchpoint: &Touchpoint) -> Verdict {
        policy::may_write(touchpoint)
    }
}

/// Changes to a touchpoint (RFC 7396): what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"state": "held", "happened_on": "2026-03-02", "note": "We spoke of our children."}))]
pub struct PatchTouchpoint {
    /// What kind of thing it is.
    #[schema(nullable = false)]
    pub kind: Option<TouchpointKind>,
    /// Where it stands: what is planned is held, or cancelled. Held without a date, it was when it was planned for.
    #[schema(nullable = false)]
    pub state: Option<TouchpointState>,
    /// The date it is, or was, planned for.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Date>)]
    pub planned_on: Option<Option<Date>>,
    /// When it was; with it, what was planned is held.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Date>)]
    pub happened_on: Option<Option<Date>>,
    /// Where. Name no client.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200, pattern = r"\S")]
    pub place: Option<Option<String>>,
    /// What you note of it. Name no client.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 5000, pattern = r"\S")]
    pub note: Option<Option<String>>,
    /// Who sees it: to the other firm it comes and goes with it.
    #[schema(nullable = false)]
    pub visibility: Option<TouchpointVisibility>,
    /// What your party paid, or is to pay.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Money>)]
    pub cost: Option<Option<Money>>,
    /// Which party paid, or is to pay.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Side>)]
    pub paid_by: Option<Option<Side>>,
    /// Who was there, or is to be, all of them.
    #[schema(nullable = false, max_items = 50)]
    pub guests: Option<Vec<NewTouchpointGuest>>,
}

impl PatchTouchpoint {
    /// What was written, with the changes.
    fn apply(self, before: Content) -> Content {
        let given = self.happened_on.unwrap_or(before.happened_on);
        let is_held = before.state == TouchpointState::Planned && given.is_some();
        let state = self.state.unwrap_or(if is_held {
            TouchpointState::Held
        } else {
            before.state
        });
        let planned_on = self.planned_on.unwrap_or(before.planned_on);
        let became_held = state == TouchpointState::Held && before.state != state;
        Content {
            kind: self.kind.unwrap_or(before.kind),
            state,
            planned_on,
            happened_on: given.or(planned_on.filter(|_| became_held)),
            place: self.place.unwrap_or(before.place),
            note: self.note.unwrap_or(before.note),
            visibility: self.visibility.unwrap_or(before.visibility),
            cost: self.cost.unwrap_or(before.cost),
            paid_by: self.paid_by.unwrap_or(before.paid_by),
            guests: self.guests.unwrap_or(before.guests),
        }
    }
}

/// Change a touchpoint.
///
/// One that your party wrote, while the partnership lives; with `If-Match`, so that two people do not undo each
/// other's work. `warnings` say where somebody comes near your firm's limit, or over it.
#[utoipa::path(tag = "touchpoints", params(TouchpointPath),
    security(("person" = []), ("machine" = [ChangeTouchpoint::SCOPE])),
    responses((status = 200, description = "The touchpoint.", body = Touchpoint)))]
#[patch("/v1/touchpoints/{touchpoint_id}")]
pub(super) async fn patch_touchpoint(
    touchpoint: Allowed<ChangeTouchpoint>,
    Json(body): Json<PatchTouchpoint>,
    app: App,
) -> ApiResult<Answer<Touchpoint>> {
    touchpoint.unchanged()?;
    let (caller, now) = (touchpoint.caller(), app.clock.now());
    let wanted = body.apply(Content::of(&touchpoint));
    let changed = app
        .db
        .write(async |tx| change(tx, caller, &touchpoint, &wanted, now).await)
        .await?;
    Ok(Answer::ok(changed))
}

async fn change(
    tx: &Tx,
    caller: &Caller,
    before: &Touchpoint,
    wanted: &Content,
    now: Timestamp,
) -> ApiResult<Touchpoint> {
    let held = parties::hold(tx, before.partnership_id, caller.firm_id).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    if !before.state.leads_to(wanted.state) {
        let (state, allowed) = (before.state.as_str(), before.state.allowed());
        return Err(Problem::state_forbids(state, allowed).into());
    }
    let written = Content::of(before);
    check(tx, &party, wanted, &written.guests, now).await?;
    let place = (before.id, before.version);
    let is_other = *wanted != written;
    let replaced = is_other && store::replace(tx, &party, place, wanted, now).await?;
    let current = find(tx, party.us, before.id).await?;
    let current = current.ok_or_else(Problem::not_found)?;
    if replaced {
        events::tell_updated(tx, caller, (before, &current), now).await?;
    } else if is_other || current.version != before.version {
        // Somebody was faster.
        return Err(stale(&current));
    }
    Ok(current)
}

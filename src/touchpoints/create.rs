//! Writes a touchpoint down.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::content::{Content, NewTouchpointGuest};
use super::get::find;
use super::model::{Touchpoint, TouchpointKind, TouchpointState, TouchpointVisibility};
use super::{events, guests, policy, store};
use crate::firms;
use crate::parties::{self, PartnershipPath, Party, Side};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, FieldError, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::{Date, Money, Timestamp};

pub(super) struct RecordTouchpoint;

impl Action for RecordTouchpoint {
    const RULE: Rule = policy::PREPARE;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Time spent personally, or to be spent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "meal", "happened_on": "2026-03-02", "place": "The Grange", "visibility": "shared", "cost": {"amount_minor": 8_400, "currency": "USD"}, "paid_by": "us", "guests": [{"side": "them", "name": "Pia Otero"}]}))]
pub struct CreateTouchpoint {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// What kind of thing it is.
    pub kind: TouchpointKind,
    /// The date it is, or was, planned for; needed where it has not happened yet.
    pub planned_on: Option<Date>,
    /// When it was, in your firm's zone; not in the future. With it, the touchpoint is held.
    pub happened_on: Option<Date>,
    /// Where. Name no client.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub place: Option<String>,
    /// What you note of it. Name no client.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub note: Option<String>,
    /// Who sees it, the cost included.
    pub visibility: TouchpointVisibility,
    /// What your party paid, or is to pay; goes with `paid_by` `us` alone. The guests of the other party receive it
    /// in equal shares.
    pub cost: Option<Money>,
    /// Which party paid, or is to pay.
    pub paid_by: Option<Side>,
    /// Who was there, or is to be.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub guests: Vec<NewTouchpointGuest>,
}

impl CreateTouchpoint {
    fn split(self) -> (Option<Uuid>, Content) {
        let content = Content {
            kind: self.kind,
            state: match self.happened_on {
                Some(_) => TouchpointState::Held,
                None => TouchpointState::Planned,
            },
            planned_on: self.planned_on,
            happened_on: self.happened_on,
            place: self.place,
            note: self.note,
            visibility: self.visibility,
            cost: self.cost,
            paid_by: self.paid_by,
            guests: self.guests,
        };
        (self.id, content)
    }
}

/// Write a touchpoint down.
///
/// A meal, a coffee, a gift: one that was held, or one that is planned. The other firm sees no sign of a private one.
/// `warnings` say where somebody comes near your firm's limit, or over it.
#[utoipa::path(tag = "touchpoints", params(PartnershipPath),
    security(("person" = []), ("machine" = [RecordTouchpoint::SCOPE])),
    responses((status = 201, description = "The touchpoint.", body = Touchpoint)))]
#[post("/v1/partnerships/{partnership_id}/touchpoints")]
pub(super) async fn create_touchpoint(
    partnership: Allowed<RecordTouchpoint>,
    Json(body): Json<CreateTouchpoint>,
    app: App,
) -> ApiResult<Answer<Touchpoint>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    let (id, content) = body.split();
    let id = id.unwrap_or_else(|| app.ids.id(now));
    partnership
        .once(StatusCode::CREATED, async |tx| {
            create(tx, caller, (id, &partnership), &content, now).await
        })
        .await
}

/// Writes a touchpoint of a party down.
pub async fn create(
    tx: &Tx,
    caller: &Caller,
    (id, party): (Uuid, &Party),
    content: &Content,
    now: Timestamp,
) -> ApiResult<Touchpoint> {
    let held = parties::hold(tx, party.partnership_id, caller.firm_id).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    check(tx, &party, content, &[], now).await?;
    store::insert(tx, caller, (&party, id), content, now).await?;
    let made = find(tx, party.us, id).await?;
    let made = made.ok_or_else(Problem::not_found)?;
    events::tell(tx, caller, (&made, "created"), now).await?;
    Ok(made)
}

/// Asks that what is written goes together, and that members who are named anew are of the firm that they are said
/// to be of.
pub(super) async fn check(
    tx: &Tx,
    party: &Party,
    content: &Content,
    known: &[NewTouchpointGuest],
    now: Timestamp,
) -> ApiResult<()> {
    let today = now.date_in(&firms::zone(tx, party.us).await?);
    let mut errors = content.complaints(today);
    // Somebody who has left may stay named; nobody who has left is named anew.
    let named: Vec<(usize, Uuid, Uuid)> = content
        .guests
        .iter()
        .enumerate()
        .filter(|(_, guest)| !known.contains(guest))
        .filter_map(|(place, guest)| Some((place, guest.member_id?, guest.side.of_party(party))))
        .collect();
    let ids: Vec<Uuid> = named.iter().map(|(_, id, _)| *id).collect();
    let members = guests::active_members(tx, party, &ids).await?;
    for (place, id, firm_id) in named {
        if !members.contains(&(id, firm_id)) {
            let pointer = format!("/guests/{place}/member_id");
            let detail = "This firm has no such active member.";
            errors.push(FieldError::new(pointer, "unknown", detail));
        }
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(Problem::invalid(errors).into())
}

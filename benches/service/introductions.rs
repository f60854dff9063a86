//! The bare handlers: the service's own statements and types, from its own source, and nothing else.

#[expect(
    dead_code,
    reason = "the service's own source, of which the handlers here use a part"
)]
#[path = "../../src/introductions/events.rs"]
mod events;
#[expect(
    dead_code,
    reason = "the service's own source, of which the handlers here use a part"
)]
#[path = "../../src/introductions/model.rs"]
mod model;
#[path = "../../src/introductions/moves/store.rs"]
mod moves;
#[expect(
    dead_code,
    reason = "the service's own source, of which the handlers here use a part"
)]
#[path = "../../src/introductions/store.rs"]
mod store;

use actix_web::{HttpResponse, web};
use model::{Introduction, Verb};
use quid::introductions::CreateIntroduction;
use quid::platform::error::ApiResult;
use quid::platform::values::{ExternalId, Money, SystemName};
use quid::{firms, parties};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::bare::{Bare, answer, missing};
use crate::changes;

/// The operations that are measured.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/v1/introductions", web::get().to(list))
        .route("/v1/introductions/{id}", web::get().to(get))
        .route(
            "/v1/partnerships/{id}/introductions",
            web::post().to(create),
        )
        .route("/v1/introductions/{id}/offer", web::post().to(offer))
        .route(
            "/v1/introductions/by-external-id/{system}/{id}",
            web::put().to(put),
        );
}

async fn get(bare: web::Data<Bare>, id: web::Path<Uuid>) -> HttpResponse {
    let viewer = store::Viewer::new(&bare.caller, bare.clock.now());
    let found = store::find(bare.reader(), viewer, *id);
    answer(200, found.await.and_then(|found| found.ok_or_else(missing)))
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    limit: u16,
    after: Option<Uuid>,
}

#[derive(Debug, Serialize)]
struct Page {
    data: Vec<Introduction>,
    next_cursor: Option<String>,
}

async fn list(bare: web::Data<Bare>, query: web::Query<ListQuery>) -> HttpResponse {
    let filter = store::ListFilter {
        partnership_id: None,
        direction: None,
        stage: None,
        fit_band: None,
        has_fit: None,
        has_outcome: None,
        after: query.after,
        rows: i64::from(query.limit) + 1,
    };
    let viewer = store::Viewer::new(&bare.caller, bare.clock.now());
    let rows = store::list(bare.reader(), viewer, filter);
    let page = rows.await.map(|mut data| {
        let size = usize::from(query.limit);
        let more = data.len() > size;
        data.truncate(size);
        let last = data.last().filter(|_| more);
        Page {
            next_cursor: last.map(|one| one.id.to_string()),
            data,
        }
    });
    answer(200, page)
}

async fn create(
    bare: web::Data<Bare>,
    partnership: web::Path<Uuid>,
    body: web::Json<CreateIntroduction>,
) -> HttpResponse {
    answer(201, try_create(&bare, *partnership, &body).await)
}

async fn try_create(
    bare: &Bare,
    partnership_id: Uuid,
    body: &CreateIntroduction,
) -> ApiResult<Introduction> {
    let firm_id = bare.caller.firm_id;
    let party = parties::find(bare.reader(), partnership_id, firm_id).await?;
    let party = party.ok_or_else(missing)?;
    bare.write(async |tx| {
        let now = bare.clock.now();
        let today = now.date_in(&firms::zone(tx, firm_id).await?);
        let draft = store::Draft {
            id: bare.ids.id(now),
            partnership_id: party.partnership_id,
            receiver_firm_id: party.them,
            client_id: body.client_id,
            reference: &bare.ids.reference(),
            summary: body.summary.as_deref(),
            expected: body.expected_value.as_ref(),
            previous_id: None,
        };
        let made = store::insert(tx, &bare.caller, &draft, today, now).await?;
        let made = made.ok_or_else(missing)?;
        changes::record(tx, events::done(&bare.caller, &made, "created")).await?;
        Ok(made)
    })
    .await
}

async fn offer(bare: web::Data<Bare>, id: web::Path<Uuid>) -> HttpResponse {
    answer(200, try_offer(&bare, *id).await)
}

async fn try_offer(bare: &Bare, id: Uuid) -> ApiResult<Introduction> {
    let firm_id = bare.caller.firm_id;
    let found = store::judge(bare.reader(), firm_id, id, bare.clock.now()).await?;
    let before = found.ok_or_else(missing)?;
    bare.write(async |tx| {
        let now = bare.clock.now();
        let step = moves::Step {
            id: before.id,
            verb: Verb::Offer,
            occurred_on: now.date_in(&firms::zone(tx, firm_id).await?),
            reason: None,
            reason_note: None,
            realised: None,
            core_story_id: None,
            expires_at: Some(now.plus_seconds(30 * 24 * 3600)),
        };
        let moved = moves::advance(tx, store::Viewer::new(&bare.caller, now), &step).await?;
        let moved = moved.ok_or_else(missing)?;
        changes::record(tx, events::done(&bare.caller, &moved, Verb::Offer.word())).await?;
        Ok(moved)
    })
    .await
}

#[derive(Debug, Deserialize)]
struct Put {
    summary: Option<String>,
    expected_value: Option<Money>,
}

async fn put(
    bare: web::Data<Bare>,
    id: web::Path<(SystemName, ExternalId)>,
    body: web::Json<Put>,
) -> HttpResponse {
    let (system, external_id) = id.into_inner();
    answer(200, try_put(&bare, &system, &external_id, &body).await)
}

async fn try_put(
    bare: &Bare,
    system: &SystemName,
    external_id: &ExternalId,
    body: &Put,
) -> ApiResult<Introduction> {
    let firm_id = bare.caller.firm_id;
    bare.write(async |tx| {
        let now = bare.clock.now();
        let viewer = store::Viewer::new(&bare.caller, now);
        let found = store::find_by_external_id(tx, viewer, system, external_id).await?;
        let current = found.ok_or_else(missing)?;
        let content = (body.summary.as_deref(), body.expected_value.as_ref());
        let edited = store::edit(tx, firm_id, (current.id, None), content, now).await?;
        let edited = edited.ok_or_else(missing)?;
        changes::record(tx, events::done(&bare.caller, &edited, "updated")).await?;
        Ok(edited)
    })
    .await
}

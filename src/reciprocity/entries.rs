//! Lists the entries of the ledger: the records behind its figures.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::model::{CountedOn, ReachedStage};
use super::window::Window;
use super::{policy, store};
use crate::introductions::{Direction, ReasonCode, Stage};
use crate::page;
use crate::paged;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::paging::{Limit, Listing, Page};
use crate::platform::http::{Action, Allowed, NoPath};
use crate::platform::values::{Date, Money, Timestamp};

page!(ReciprocityEntryPage, ReciprocityEntry, "A page of entries.");

/// An introduction that was offered, as the ledger counts it: never who the client is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReciprocityEntry {
    /// The introduction.
    pub introduction_id: Uuid,
    /// Its short name.
    pub reference: String,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The other firm.
    pub partner_firm_id: Uuid,
    /// Whether your party gave it, or received it.
    pub direction: Direction,
    /// Where it stands.
    pub stage: Stage,
    /// How far it has come at its furthest.
    pub reached: ReachedStage,
    /// Why it was declined or came to nothing.
    pub reason: Option<ReasonCode>,
    /// When the present stage was reached in the world.
    pub occurred_on: Option<Date>,
    /// When it was offered.
    pub offered_at: Timestamp,
    /// When the receiver first answered.
    pub answered_at: Option<Timestamp>,
    /// Seconds between the offer and the receiver's first answer.
    pub first_answer_seconds: Option<i64>,
    /// When it was accepted; `null` where that was not reached.
    pub accepted_on: Option<Date>,
    /// When the client and the receiver were introduced; `null` where that was not reached, or skipped.
    pub introduced_on: Option<Date>,
    /// When they had a date, likewise.
    pub meeting_set_on: Option<Date>,
    /// When they met, likewise.
    pub met_on: Option<Date>,
    /// When the client engaged the receiver, likewise.
    pub engaged_on: Option<Date>,
    /// The version of the core story that the client was told; `null` where none was, or it is not known.
    pub core_story_id: Option<Uuid>,
    /// What it was expected to be worth.
    pub expected_value: Option<Money>,
    /// What it came to be worth.
    pub realised_value: Option<Money>,
}

pub(super) struct ListEntries;

impl Action for ListEntries {
    const RULE: Rule = policy::READ;
    type Path = NoPath;
    type Subject = ();
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EntriesQuery {
    /// Those of this partnership.
    partnership_id: Option<Uuid>,
    /// Those that your firm gave, or those that it received.
    direction: Option<Direction>,
    /// Those that have come so far, or further.
    reached: Option<ReachedStage>,
    /// Those that stand there.
    stage: Option<Stage>,
    /// Those that were declined, or came to nothing, for this reason.
    reason: Option<ReasonCode>,
    /// Those whose client was told a core story, or those of which it is not known.
    core_story_told: Option<bool>,
    /// Which date `from` and `to` are about; that of the offer unless told.
    #[param(inline)]
    counted_on: Option<CountedOn>,
    /// Those of this date or later, in UTC; 365 days before `to` unless told.
    #[param(inline)]
    from: Option<Date>,
    /// Those of before this date; tomorrow unless told.
    #[param(inline)]
    to: Option<Date>,
    /// How many.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on: `next_cursor` of the page before.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

paged!(EntriesQuery);

/// List the entries of the ledger.
///
/// The introductions behind its figures, of all your firm's partnerships or of one, newest first by their
/// offer. They tell nobody who a client is.
#[utoipa::path(tag = "reciprocity", params(EntriesQuery),
    security(("person" = []), ("machine" = [ListEntries::SCOPE])),
    responses((status = 200, description = "A page of entries.", body = ReciprocityEntryPage)))]
#[get("/v1/reciprocity/entries")]
pub(super) async fn list_reciprocity_entries(
    firm: Allowed<ListEntries>,
    listing: Listing<EntriesQuery>,
    app: App,
) -> ApiResult<Page<ReciprocityEntry>> {
    let (firm_id, asked) = (firm.caller().firm_id, &listing.filter);
    let filter = store::EntryFilter {
        window: Window::of(asked.from, asked.to, app.clock.now())?,
        partnership_id: asked.partnership_id,
        direction: asked.direction,
        reached: asked.reached,
        stage: asked.stage,
        reason: asked.reason,
        core_story_told: asked.core_story_told,
        counted_on: asked.counted_on.unwrap_or(CountedOn::Offered),
        after: listing.after,
        rows: listing.rows(),
    };
    let found = app
        .db
        .read(async |conn| store::list_entries(conn, firm_id, filter).await)
        .await?;
    Ok(listing.page(found, |entry| entry.introduction_id))
}

//! Ranks a firm's own clients for a partnership.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::READ;
use super::model::{Asked, Fit};
use super::store::{self, CandidateRow, known};
use crate::page;
use crate::parties::{PartnershipPath, Party, Side};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::paging::{Listing, Page, PageQuery};
use crate::platform::http::{Action, Allowed};
use crate::platform::values::Name;

page!(CandidatePage, Candidate, "A page of candidates.");

/// One of your firm's clients, weighed for a partnership.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Candidate {
    /// The client.
    pub client_id: Uuid,
    /// The client's name; your firm alone sees it here.
    pub name: Name,
    /// How well the client fits, and why; `null` where no ideal client is agreed.
    #[schema(nullable)]
    pub fit: Option<Fit>,
    /// The open introduction of the client to this partner, where there is one already.
    pub open_introduction_id: Option<Uuid>,
}

impl Candidate {
    /// Weighs a client.
    pub(super) fn weighed(client: CandidateRow, asked: Option<Asked<'_>>) -> ApiResult<Self> {
        let known = known(&client.attributes, client.traits)?;
        let fit = asked.map(|asked| asked.weigh(&known));
        Ok(Self {
            client_id: client.id,
            name: client.name,
            fit,
            open_introduction_id: client.open_introduction_id,
        })
    }
}

pub(super) struct RankClients;

impl Action for RankClients {
    const RULE: Rule = READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Rank your clients for a partnership.
///
/// Those who fit best first, by the agreed ideal client; where none is agreed, they are not weighed. Your firm alone sees
/// it. Nothing is stored.
#[utoipa::path(tag = "fit", params(PartnershipPath, PageQuery),
    security(("person" = []), ("machine" = [RankClients::SCOPE])),
    responses((status = 200, description = "A page of candidates.", body = CandidatePage)))]
#[get("/v1/partnerships/{partnership_id}/candidates")]
pub(super) async fn list_candidates(
    party: Allowed<RankClients>,
    listing: Listing<PageQuery>,
    app: App,
) -> ApiResult<Page<Candidate>> {
    let found = app.db.read(async |conn| {
        futures_util::try_join!(
            store::list(conn, &party, None),
            super::ideal_client(conn, party.us, party.partnership_id),
        )
    });
    let (clients, ideal) = found.await?;
    let asked = Asked::of(ideal.as_ref(), Side::Them);
    let weighed = clients
        .into_iter()
        .map(|client| Candidate::weighed(client, asked));
    let mut ranked = weighed.collect::<ApiResult<Vec<_>>>()?;
    let score = |one: &Candidate| one.fit.as_ref().map(|fit| fit.score);
    ranked.sort_by_key(|one| (std::cmp::Reverse(score(one)), one.client_id));
    let begin = match listing.after {
        None => 0,
        Some(last) => {
            let place = ranked.iter().position(|one| one.client_id == last);
            let gone = || {
                let detail = "The client that the page before ended with is gone; begin anew.";
                Problem::malformed("cursor", "gone", detail)
            };
            place.ok_or_else(gone)? + 1
        }
    };
    let rows = usize::try_from(listing.rows()).unwrap_or_default();
    let page = ranked.into_iter().skip(begin).take(rows).collect();
    Ok(listing.page(page, |one| one.client_id))
}

//! Reads the reciprocity of a partnership.

use actix_web::get;

use super::diagnosis::diagnose;
use super::model::BalanceTerms;
use super::shown::Reciprocity;
use super::window::{Window, WindowQuery};
use super::{evidence, policy, store};
use crate::introductions::{ReasonCode, Stage};
use crate::parties::{PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Query, Report};

pub(super) struct ReadReciprocity;

impl Action for ReadReciprocity {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Read the reciprocity of a partnership.
///
/// What each party gave the other in a window of dates (UTC): introductions by how far they came, what they
/// are worth, and what else both confirm. The balance, whose turn it is and, where the balance is past the
/// threshold, which part of the foundation or path most likely explains it. Each figure tells where the
/// records behind it are read.
#[utoipa::path(tag = "reciprocity", params(PartnershipPath, WindowQuery),
    security(("person" = []), ("machine" = [ReadReciprocity::SCOPE])),
    responses((status = 200, description = "The reciprocity.", body = Reciprocity)))]
#[get("/v1/partnerships/{partnership_id}/reciprocity")]
pub(super) async fn get_reciprocity(
    party: Allowed<ReadReciprocity>,
    Query(query): Query<WindowQuery>,
    app: App,
) -> ApiResult<Report<Reciprocity>> {
    let now = app.clock.now();
    let window = Window::of(query.from, query.to, now)?;
    let (ledgers, (mut evidence, agreed)) = app
        .db
        .read(async |conn| {
            // Sent together, they take one round trip.
            futures_util::try_join!(
                store::ledger(conn, &party, window),
                evidence::gather(conn, &party, window, now)
            )
        })
        .await?;
    let terms = BalanceTerms::of(agreed);
    let told = Reciprocity::of(party.partnership_id, &ledgers, terms, window, |records| {
        evidence.not_a_fit.records = records.ended(Stage::Declined, ReasonCode::NotAFit);
        evidence.untold.records = records.untold();
        diagnose(&evidence)
    });
    Ok(Report(told))
}

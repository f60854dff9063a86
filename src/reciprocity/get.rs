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
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Query, Report};
use crate::platform::values::Timestamp;

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
    let told = app
        .db
        .read(async |conn| look(conn, &party, window, now).await)
        .await?;
    Ok(Report(told))
}

/// The reciprocity of a party's partnership, in a window.
pub async fn look(
    conn: &Conn,
    party: &Party,
    window: Window,
    now: Timestamp,
) -> ApiResult<Reciprocity> {
    // Sent together, they take one round trip.
    let (ledgers, (mut evidence, agreed)) = futures_util::try_join!(
        store::ledger(conn, party, window),
        evidence::gather(conn, party, window, now)
    )?;
    let terms = BalanceTerms::of(agreed);
    let of = party.partnership_id;
    Ok(Reciprocity::of(of, &ledgers, terms, window, |records| {
        evidence.not_a_fit.records = records.ended(Stage::Declined, ReasonCode::NotAFit);
        evidence.untold.records = records.untold();
        diagnose(&evidence)
    }))
}

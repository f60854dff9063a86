//! Reads the reciprocity of a firm over all its partnerships.

use std::collections::HashMap;

use actix_web::get;
use uuid::Uuid;

use super::model::{Agreed, BalanceTerms};
use super::records::Records;
use super::shown::{FirmReciprocity, PartnershipReciprocity};
use super::tally::Ledger;
use super::window::{Window, WindowQuery};
use super::{policy, store};
use crate::parties::PartnershipState;
use crate::plan;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, NoPath, Query, Report};

pub(super) struct ReadFirmReciprocity;

impl Action for ReadFirmReciprocity {
    const RULE: Rule = policy::READ;
    type Path = NoPath;
    type Subject = ();
}

/// Read the reciprocity of your firm.
///
/// What it gave to all its partners and received from them in a window of dates (UTC), month by month, and each
/// partnership by itself: those that live, and those that ended with something in the window. The figures over
/// all are the sums over the partnerships.
#[utoipa::path(tag = "reciprocity", params(WindowQuery),
    security(("person" = []), ("machine" = [ReadFirmReciprocity::SCOPE])),
    responses((status = 200, description = "The reciprocity.", body = FirmReciprocity)))]
#[get("/v1/reciprocity")]
pub(super) async fn get_firm_reciprocity(
    firm: Allowed<ReadFirmReciprocity>,
    Query(query): Query<WindowQuery>,
    app: App,
) -> ApiResult<Report<FirmReciprocity>> {
    let firm_id = firm.caller().firm_id;
    let window = Window::of(query.from, query.to, app.clock.now())?;
    let ((ledgers, partners), agreed) = app
        .db
        .read(async |conn| {
            // Sent together, they take one round trip.
            futures_util::try_join!(
                store::firm_ledger(conn, firm_id, window),
                plan::list_agreed_balances(conn, firm_id)
            )
        })
        .await?;
    let agreed = agreed.into_iter().map(|one| {
        let (threshold, measure) = (one.threshold, one.measure);
        (one.partnership_id, Agreed { threshold, measure })
    });
    let agreed: HashMap<Uuid, Agreed> = agreed.collect();
    let (nothing, records) = (
        Ledger::default(),
        Records {
            partnership_id: None,
            window,
        },
    );
    let rows = partners.into_iter().filter_map(|partner| {
        let ledger = ledgers.partnerships.get(&partner.partnership_id);
        let ledger = ledger.unwrap_or(&nothing);
        let is_over = partner.state == PartnershipState::Ended && ledger.is_empty();
        let terms = BalanceTerms::of(agreed.get(&partner.partnership_id).copied());
        (!is_over).then(|| PartnershipReciprocity::of(partner, ledger, terms, records))
    });
    let rows = rows.collect();
    Ok(Report(FirmReciprocity::of(&ledgers, rows, window)))
}

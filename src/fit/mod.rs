//! Fit: how well a client is one whom the receiver of an introduction serves best.
//!
//! A client is weighed against the agreed `ideal_client` of a partnership: the profile of the party that
//! would receive it, and what both ask of every client (`combined`). Each criterion is
//!
//! - **met**, where the figure lies between the bounds (both belong to it), or the trait is there as wanted;
//! - **unmet**, where it does not;
//! - **unknown**, where the client's record has no such figure, or no traits at all.
//!
//! `score = round(100 × Σ weight of met ÷ Σ weight of all)`, and 0 where a required one is unmet. The band is
//! `none` where a required one is unmet, `unclear` where one is unknown, and else `strong` from 75, `fair` from
//! 40, `weak` below. Whatever becomes met that was not, or unknown that was unmet, never lowers the score.
//!
//! Worked example: asked are investable assets of 500,000 or more (weight 3, required), an age of at most 65
//! (weight 1) and the trait `business_owner` (weight 2). A client with 750,000, of unknown age, who owns a
//! business, meets 3 + 2 of 6: `round(83.3) = 83`, strong. With 400,000 it would be 0, none.

mod candidates;
mod get;
mod model;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::plan::{self, IdealClient, PlanSection, SectionBody};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;

pub use model::{Asked, Fit, FitBand, KeptFit, Known};
pub use store::known;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get::get_candidate)
        .service(candidates::list_candidates);
}

/// The ideal client in force, as a party sees it, and the version that it stands in.
pub async fn ideal_client(
    conn: &Conn,
    firm_id: Uuid,
    partnership_id: Uuid,
) -> ApiResult<Option<(Uuid, IdealClient)>> {
    let section = PlanSection::IdealClient;
    let version = plan::find_in_force(conn, firm_id, partnership_id, section).await?;
    Ok(version.and_then(|version| match version.body {
        SectionBody::IdealClient(ideal) => Some((version.id, ideal)),
        _ => None,
    }))
}

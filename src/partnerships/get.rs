//! Reads one partnership.

use actix_web::get;

use super::{Partnership, policy};
use crate::parties::PartnershipPath;
use crate::platform::auth::Rule;
use crate::platform::http::{Action, Allowed, Answer};

pub(super) struct ReadPartnership;

impl Action for ReadPartnership {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Partnership;
}

/// Read a partnership.
///
/// As your party sees it.
#[utoipa::path(tag = "partnerships", params(PartnershipPath),
    security(("person" = []), ("machine" = [ReadPartnership::SCOPE])),
    responses((status = 200, description = "The partnership.", body = Partnership)))]
#[get("/v1/partnerships/{partnership_id}")]
pub(super) async fn get_partnership(partnership: Allowed<ReadPartnership>) -> Answer<Partnership> {
    Answer::ok(partnership.into_subject())
}

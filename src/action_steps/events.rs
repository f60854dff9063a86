//! What action steps say to the change feed.

use super::model::ActionStep;
use crate::changes::{Change, Kind};
use crate::platform::auth::Caller;

/// Something was done to a step. Both parties see it.
pub(super) fn done(caller: &Caller, step: &ActionStep, action: &'static str) -> Change {
    Change::by(caller, Kind::ActionStep, step.id, action, step.updated_at)
        .version(step.version)
        .within(step.partnership_id)
        .seen_by([caller.firm_id, step.partner_firm_id])
}

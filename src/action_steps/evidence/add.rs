//! Adds evidence to a step, by itself or with the step's completion.

use uuid::Uuid;

use super::model::{AddEvidence, Evidence, EvidenceKind};
use super::store;
use crate::action_steps::ActionStep;
use crate::action_steps::policy;
use crate::changes::{self, Change, Kind};
use crate::platform::app::App;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, FieldError, Problem};
use crate::platform::values::Timestamp;

/// Whether it has what its kind needs, and no more; `place` is where it stands in the body.
pub fn check(shown: &AddEvidence, place: &str) -> ApiResult<()> {
    let (text, url) = (shown.text.is_some(), shown.url.is_some());
    let missing = |field: &str| {
        let pointer = format!("{place}/{field}");
        FieldError::new(pointer, "needed", "The kind needs it.")
    };
    let mut errors = Vec::new();
    match shown.kind {
        EvidenceKind::Note if !text => errors.push(missing("text")),
        EvidenceKind::Link if !url => errors.push(missing("url")),
        _ => {}
    }
    if shown.kind == EvidenceKind::Note && url {
        let pointer = format!("{place}/url");
        errors.push(FieldError::new(pointer, "not_of_kind", "A note has none."));
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(errors).into())
    }
}

/// Adds several at once, in this order, and tells both parties.
pub async fn add_all(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    step: &ActionStep,
    all: &[AddEvidence],
) -> ApiResult<()> {
    let now = app.clock.now();
    // Ids of one instant are in no order, and the list goes by them.
    let mut ids: Vec<Uuid> = all.iter().map(|_| app.ids.id(now)).collect();
    ids.sort_unstable();
    for (shown, id) in all.iter().zip(ids) {
        insert(tx, caller, step, (id, shown), now).await?;
    }
    Ok(())
}

/// Adds it, and tells both parties.
pub async fn add(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    step: &ActionStep,
    shown: &AddEvidence,
) -> ApiResult<Evidence> {
    let now = app.clock.now();
    insert(tx, caller, step, (app.ids.id(now), shown), now).await
}

async fn insert(
    tx: &Tx,
    caller: &Caller,
    step: &ActionStep,
    (id, shown): (Uuid, &AddEvidence),
    now: Timestamp,
) -> ApiResult<Evidence> {
    let ids = (shown.id.unwrap_or(id), step.id);
    let Some(added) = store::insert(tx, caller, ids, shown, now).await? else {
        let current = crate::action_steps::store::find(tx, caller.firm_id, step.id).await?;
        let current = current.ok_or_else(Problem::not_found)?;
        return Err(
            Problem::state_forbids(current.state.as_str(), &policy::allowed(&current)).into(),
        );
    };
    let change = Change::by(caller, Kind::ActionStepEvidence, added.id, "created", now)
        .within(step.partnership_id)
        .seen_by([caller.firm_id, step.partner_firm_id]);
    changes::record(tx, change).await?;
    Ok(added)
}

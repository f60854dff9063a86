//! What touchpoints say to the change feeds.

use super::model::{Touchpoint, TouchpointVisibility};
use crate::changes::{self, Change, Kind};
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;

fn change(caller: &Caller, (of, action): (&Touchpoint, &'static str), at: Timestamp) -> Change {
    Change::by(caller, Kind::Touchpoint, of.id, action, at)
        .version(of.version)
        .within(of.partnership_id)
}

/// Whoever sees it is told what was done to it.
pub async fn tell(
    tx: &Tx,
    caller: &Caller,
    (of, action): (&Touchpoint, &'static str),
    at: Timestamp,
) -> ApiResult<()> {
    let change = change(caller, (of, action), at);
    let change = match of.visibility {
        TouchpointVisibility::Shared => change.seen_by([caller.firm_id, of.partner_firm_id]),
        TouchpointVisibility::Private => change,
    };
    changes::record(tx, change).await
}

/// Whoever sees it is told that it was changed; to the other firm it comes and goes with its visibility.
pub async fn tell_updated(
    tx: &Tx,
    caller: &Caller,
    (before, after): (&Touchpoint, &Touchpoint),
    at: Timestamp,
) -> ApiResult<()> {
    use TouchpointVisibility::{Private, Shared};
    let theirs = match (before.visibility, after.visibility) {
        (Private, Shared) => "created",
        (Shared, Private) => "deleted",
        (Shared, Shared) | (Private, Private) => {
            return tell(tx, caller, (after, "updated"), at).await;
        }
    };
    changes::record(tx, change(caller, (after, "updated"), at)).await?;
    let change = change(caller, (after, theirs), at).seen_by([after.partner_firm_id]);
    changes::record(tx, change).await
}

//! Judges every active partnership once a day, and tells both firms when its level turns.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use super::model::look;
use super::store;
use crate::changes::{self, Change, Kind};
use crate::parties;
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::jobs::Periodic;
use crate::platform::values::Timestamp;

/// Every ten minutes; each partnership comes round once a day.
pub const JUDGE: Periodic = Periodic {
    name: "judge_vitality",
    every: Duration::from_secs(600),
    run: judge,
};

/// Partnerships that are entered in one transaction.
const BATCH: i64 = 500;
/// How old a judgement may be.
const GOOD_FOR: i64 = 24 * 3600;

fn judge(app: &App) -> LocalBoxFuture<'_, ApiResult<()>> {
    async move {
        let now = app.clock.now();
        while app
            .db
            .write(async |tx| store::enter(tx, now, BATCH).await)
            .await?
            > 0
        {}
        while app.db.write(async |tx| judge_one(tx, now).await).await? {}
        Ok(())
    }
    .boxed_local()
}

/// Judges one; gives whether there was one.
async fn judge_one(tx: &Tx, now: Timestamp) -> ApiResult<bool> {
    let claimed = store::claim(tx, now.plus_seconds(-GOOD_FOR)).await?;
    let Some((partnership_id, firm_id)) = claimed else {
        return Ok(false);
    };
    let Some(party) = parties::find(tx, partnership_id, firm_id).await? else {
        return Ok(true);
    };
    let found = look(tx, &party, now).await?;
    let (version, is_first) = store::keep(tx, partnership_id, found.level, now).await?;
    if let Some(version) = version {
        let action = if is_first { "created" } else { "updated" };
        let change = Change::of(None, Kind::Vitality, partnership_id, action, now)
            .version(version)
            .within(partnership_id)
            .seen_by([party.us, party.them]);
        changes::record(tx, change).await?;
    }
    Ok(true)
}

//! Closes offers that nobody answered in time.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use super::{ended, store};
use crate::changes;
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::jobs::Periodic;
use crate::platform::values::{Date, Timestamp};

/// Every minute.
pub const EXPIRE: Periodic = Periodic {
    name: "expire_offers",
    every: Duration::from_secs(60),
    run: expire,
};

/// Offers that are closed in one transaction.
const BATCH: i64 = 100;

fn expire(app: &App) -> LocalBoxFuture<'_, ApiResult<()>> {
    async move {
        let now = app.clock.now();
        while app.db.write(async |tx| expire_some(tx, now).await).await? {}
        Ok(())
    }
    .boxed_local()
}

/// Closes some; gives whether there may be more.
async fn expire_some(tx: &Tx, now: Timestamp) -> ApiResult<bool> {
    let due: Vec<(Uuid, Date)> = store::list_due(tx, now, BATCH)
        .await?
        .into_iter()
        .map(|due| (due.id, now.date_in(&due.zone)))
        .collect();
    for one in store::expire(tx, &due, now).await? {
        changes::record(tx, ended(None, &one, "expire", now)).await?;
    }
    Ok(i64::try_from(due.len()).is_ok_and(|count| count == BATCH))
}

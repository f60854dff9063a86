//! Ends consents whose last day is over.
//!
//! What the partner sees is sealed by the clock, whether or not this has run; here the feeds are told.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use super::ended::tell_expired;
use super::store;
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::jobs::Periodic;
use crate::platform::values::Timestamp;

/// Every minute.
pub const EXPIRE: Periodic = Periodic {
    name: "expire_consents",
    every: Duration::from_secs(60),
    run: expire,
};

/// Consents that are ended in one transaction.
const BATCH: i64 = 100;

fn expire(app: &App) -> LocalBoxFuture<'_, ApiResult<()>> {
    async move {
        let now = app.clock.now();
        while app.db.write(async |tx| end_some(tx, now).await).await? {}
        Ok(())
    }
    .boxed_local()
}

/// Ends some; gives whether there may be more.
async fn end_some(tx: &Tx, now: Timestamp) -> ApiResult<bool> {
    let ended = store::end_expired(tx, now, BATCH).await?;
    tell_expired(tx, &ended, now).await?;
    Ok(i64::try_from(ended.len()).is_ok_and(|count| count == BATCH))
}

//! Erases what a firm keeps no longer.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use super::erase::erase;
use crate::clients;
use crate::platform::app::App;
use crate::platform::error::{ApiResult, Error};
use crate::platform::jobs::Periodic;

/// Every hour.
pub const RETAIN: Periodic = Periodic {
    name: "retain",
    every: Duration::from_secs(3600),
    run: retain,
};

/// Clients that are looked up at once; each is erased in a transaction of its own.
const BATCH: i64 = 100;

fn retain(app: &App) -> LocalBoxFuture<'_, ApiResult<()>> {
    async move {
        let now = app.clock.now();
        loop {
            let due = app
                .db
                .read(async |conn| clients::list_due(conn, now, BATCH).await)
                .await?;
            let mut erased = 0;
            for (firm_id, client_id) in due {
                let done = app
                    .db
                    .write(async |tx| erase(tx, (firm_id, None), client_id, now).await)
                    .await;
                match done {
                    Ok(()) => erased += 1,
                    // Held or erased by somebody meanwhile.
                    Err(Error::Problem(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            if erased == 0 {
                return Ok(());
            }
        }
    }
    .boxed_local()
}

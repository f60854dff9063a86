//! Erases what a firm keeps no longer.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use super::erase::erase;
use crate::clients;
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Error};
use crate::platform::jobs::Periodic;
use crate::platform::values::Timestamp;

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
                    .write(async |tx| erase_if_due(tx, firm_id, client_id, now).await)
                    .await;
                match done {
                    Ok(true) => erased += 1,
                    // Something was done to it meanwhile, or it was held or erased.
                    Ok(false) | Err(Error::Problem(_)) => {}
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

/// Erases a client who is due still, now that nobody can do anything to the record; tells whether it was.
async fn erase_if_due(tx: &Tx, firm_id: Uuid, client_id: Uuid, now: Timestamp) -> ApiResult<bool> {
    // The lock comes first: a look in the same statement would be as old as the wait for it.
    clients::hold_identity(tx, firm_id, client_id).await?;
    if !clients::is_due(tx, firm_id, client_id, now).await? {
        return Ok(false);
    }
    erase(tx, (firm_id, None), client_id, now).await?;
    Ok(true)
}

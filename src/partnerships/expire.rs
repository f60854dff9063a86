//! Lets proposals expire that nobody answers.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use super::store;
use crate::changes::{self, Change, Kind};
use crate::platform::app::App;
use crate::platform::error::ApiResult;
use crate::platform::jobs::Periodic;

/// A proposal can be answered for 30 days, whether or not its address has an account: when it expires
/// tells nothing of that.
const GOOD_FOR: i64 = 30 * 24 * 3600;

/// Lets proposals expire, every ten minutes.
pub const EXPIRE: Periodic = Periodic {
    name: "expire_proposals",
    every: Duration::from_secs(600),
    run: expire,
};

fn expire(app: &App) -> LocalBoxFuture<'_, ApiResult<()>> {
    async move {
        while expire_some(app).await? > 0 {}
        Ok(())
    }
    .boxed_local()
}

/// Gives how many.
async fn expire_some(app: &App) -> ApiResult<usize> {
    let now = app.clock.now();
    let before = now.plus_seconds(-GOOD_FOR);
    app.db
        .write(async |tx| {
            let expired = store::expire(tx, before, now).await?;
            let count = expired.len();
            for proposal in expired {
                let change = Change::of(None, Kind::Partnership, proposal.id, "expire", now)
                    .version(proposal.version)
                    .within(proposal.id)
                    .seen_by(proposal.firms);
                changes::record(tx, change).await?;
            }
            Ok(count)
        })
        .await
}

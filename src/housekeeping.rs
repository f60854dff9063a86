//! What the service clears away by itself.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::platform::app::App;
use crate::platform::db::idempotency;
use crate::platform::error::ApiResult;
use crate::platform::jobs::Periodic;
use crate::{attempts, passwords, second_factors, sessions, sign_up};

const DAY: i64 = 24 * 3600;

/// Forgets, every hour, idempotency keys and unconfirmed second factors that are a day old, sessions that
/// ended a month ago, devices not used for half a year, sign-ups and password resets that have expired, and
/// attempts that count no more.
pub const PURGE: Periodic = Periodic {
    name: "purge",
    every: Duration::from_secs(3600),
    run: purge,
};

fn purge(app: &App) -> LocalBoxFuture<'_, ApiResult<()>> {
    async move {
        let now = app.clock.now();
        let (day, month) = (now.plus_seconds(-DAY), now.plus_seconds(-30 * DAY));
        let half_a_year = now.plus_seconds(-182 * DAY);
        while app
            .db
            .write(async |tx| idempotency::purge(tx, day).await)
            .await?
            > 0
        {}
        while app
            .db
            .write(async |tx| sessions::purge(tx, month).await)
            .await?
            > 0
        {}
        while app
            .db
            .write(async |tx| sign_up::purge(tx, now).await)
            .await?
            > 0
        {}
        while app
            .db
            .write(async |tx| sessions::purge_devices(tx, half_a_year).await)
            .await?
            > 0
        {}
        while app
            .db
            .write(async |tx| second_factors::purge(tx, day).await)
            .await?
            > 0
        {}
        while app
            .db
            .write(async |tx| passwords::purge(tx, now).await)
            .await?
            > 0
        {}
        while app
            .db
            .write(async |tx| attempts::purge(tx, now).await)
            .await?
            > 0
        {}
        Ok(())
    }
    .boxed_local()
}

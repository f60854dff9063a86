//! What the service clears away by itself.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::platform::app::App;
use crate::platform::db::{Tx, idempotency};
use crate::platform::error::ApiResult;
use crate::platform::jobs::Periodic;
use crate::platform::mail;
use crate::platform::values::Timestamp;
use crate::{
    attempts, member_invitations, partnerships, passwords, second_factors, sessions, sign_up,
};

/// Clears away, every hour, what is older than it is kept.
pub const PURGE: Periodic = Periodic {
    name: "purge",
    every: Duration::from_secs(3600),
    run: purge,
};

/// Something that is cleared away.
struct Purge {
    /// For how many days it is kept.
    days: i64,
    /// Clears some of it away that is from before an instant; gives how much.
    run: for<'a> fn(&'a Tx, Timestamp) -> LocalBoxFuture<'a, ApiResult<usize>>,
}

/// Everything that is cleared away: for how long what was answered under an idempotency key is kept, and a
/// second factor that nobody confirms; sessions, invitations and sign-ups after their end; a device after
/// its last use; a mail after it was written; attempts as long as they count.
const PURGES: &[Purge] = &[
    Purge {
        days: 1,
        run: |tx, before| idempotency::purge(tx, before).boxed_local(),
    },
    Purge {
        days: 30,
        run: |tx, before| sessions::purge(tx, before).boxed_local(),
    },
    Purge {
        days: 0,
        run: |tx, before| sign_up::purge(tx, before).boxed_local(),
    },
    Purge {
        days: 182,
        run: |tx, before| sessions::purge_devices(tx, before).boxed_local(),
    },
    Purge {
        days: 1,
        run: |tx, before| second_factors::purge(tx, before).boxed_local(),
    },
    Purge {
        days: 0,
        run: |tx, before| passwords::purge(tx, before).boxed_local(),
    },
    Purge {
        days: 0,
        run: |tx, before| attempts::purge(tx, before).boxed_local(),
    },
    Purge {
        days: 30,
        run: |tx, before| mail::purge(tx, before).boxed_local(),
    },
    Purge {
        days: 30,
        run: |tx, before| partnerships::purge_invitations(tx, before).boxed_local(),
    },
    Purge {
        days: 30,
        run: |tx, before| member_invitations::purge(tx, before).boxed_local(),
    },
];

fn purge(app: &App) -> LocalBoxFuture<'_, ApiResult<()>> {
    async move {
        let now = app.clock.now();
        for Purge { days, run } in PURGES {
            let before = now.plus_seconds(-days * 24 * 3600);
            while app.db.write(async |tx| run(tx, before).await).await? > 0 {}
        }
        Ok(())
    }
    .boxed_local()
}

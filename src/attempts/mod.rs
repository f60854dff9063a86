//! Attempts at passwords and codes: counted, so that nobody guesses for long, in a way that never keeps
//! the true user out.
//!
//! # What is counted
//! An attempt is charged **before** the secret is looked at and given back when it was right, so that a
//! hundred at once are no more than a hundred one after the other. Whoever is not known as a device of
//! the account is a stranger and is charged twice: to the account, which need not exist, and to the
//! network address. A device that has signed in to the account before shows its device token and is
//! charged to a count of its own alone (OWASP, "Slow down online guessing attacks with device cookies"):
//! what strangers guess does not touch it, and a stolen device token gives its thief no more than that
//! one count. Who has no such device resets the password, which makes one.
//!
//! # The pace
//! Each count is a leaky bucket. [`Subject::pace`] says how many attempts it holds and after how long
//! one leaks out. One that is full refuses with 429 and tells in `Retry-After` when the next attempt is
//! taken, which depends on the count alone, and so says nothing about whether the account exists.
//! A stranger has at one account ten attempts at first and then one in a quarter of an hour, some hundred
//! a day; a password must withstand 10⁸ guesses ([`crate::platform::auth::passwords`]).
//!
//! # Where it is kept
//! In PostgreSQL, since several replicas count together; under a keyed digest of what is counted, so
//! that the table tells nobody which addresses were tried. What has leaked out is purged every hour.

mod model;
mod store;

use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::error::{ApiResult, Problem, TOO_MANY_ATTEMPTS};

pub use model::Subject;
pub use store::purge;

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[constraint("attempts_pkey", Means::Guarded)];

/// Charges an attempt to all of these.
///
/// # Errors
/// 429 when it is one too many for one of them; then it is charged to none.
pub async fn charge(app: &App, subjects: &[Subject<'_>]) -> ApiResult<()> {
    app.db
        .write(async |tx| {
            for subject in subjects {
                take(tx, app, subject).await?.map_err(too_many)?;
            }
            Ok(())
        })
        .await
}

/// Charges an attempt in the transaction of what it is for. The error inside tells how many seconds are
/// left when it is one too many.
pub async fn take(tx: &Tx, app: &App, subject: &Subject<'_>) -> ApiResult<Result<(), u64>> {
    let Some(pace) = subject.pace(&app.settings) else {
        return Ok(Ok(()));
    };
    let (key, now) = (subject.key(&app.attempts), app.clock.now());
    let full = pace.full(now);
    if store::charge(tx, &key, now, pace.interval(), full).await? {
        return Ok(Ok(()));
    }
    let clears_at = store::clears_at(tx, &key).await?;
    Ok(Err(pace.wait(clears_at.unwrap_or(now), now)))
}

/// Gives an attempt that was right back to those it was charged to.
pub async fn give_back(tx: &Tx, app: &App, subjects: &[Subject<'_>]) -> ApiResult<()> {
    for subject in subjects {
        if let Some(pace) = subject.pace(&app.settings) {
            store::give_back(tx, &subject.key(&app.attempts), pace.interval()).await?;
        }
    }
    Ok(())
}

fn too_many(seconds: u64) -> Problem {
    let detail = "Too many passwords or codes were tried. Try again later, from a device that has signed in before, or reset the password.";
    Problem::wait(&TOO_MANY_ATTEMPTS, detail, seconds)
}

/// Gives an attempt back in a transaction of its own.
pub async fn forgive(app: &App, subjects: &[Subject<'_>]) -> ApiResult<()> {
    app.db
        .write(async |tx| give_back(tx, app, subjects).await)
        .await
}

//! Work that is done after the transaction which asked for it.
//!
//! A job is a row that commits with its cause. A worker claims it for a minute, does it outside of
//! any transaction, and removes it; a job whose worker died is free again when the claim ends, so a
//! job may be done twice and must bear that. A failed job is tried again after a growing pause, for about
//! a day. A worker takes the kinds that it serves, and leaves the others to those that do.

mod store;

use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use serde_json::Value;
use tokio::sync::watch;
use uuid::Uuid;

use super::app::App;
use super::db::Tx;
use super::db::constraints::{Constraint, Means, constraint};
use super::error::ApiResult;

/// The channel on which workers are woken.
pub const CHANNEL: &str = "quid_jobs";

/// What the constraints of this module's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[constraint("jobs_pkey", Means::Guarded)];

/// How long a worker may take before the job is another's.
const CLAIM_SECONDS: i64 = 60;
/// After so many attempts, which take about a day, a job is given up.
const MOST_ATTEMPTS: i32 = 15;
/// How long a worker sleeps when nobody wakes it.
const NAP: Duration = Duration::from_secs(5);

/// A kind of job: its name in the table, and what is to be done.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The name in the table.
    pub name: &'static str,
    /// Does it.
    pub run: for<'a> fn(&'a App, &'a Value) -> LocalBoxFuture<'a, ApiResult<()>>,
}

/// Work that comes round by itself; every replica may do it at once.
#[derive(Clone, Copy)]
pub struct Periodic {
    /// The name in the log.
    pub name: &'static str,
    /// How often.
    pub every: Duration,
    /// Does it.
    pub run: for<'a> fn(&'a App) -> LocalBoxFuture<'a, ApiResult<()>>,
}

/// Asks for a job, in the transaction of its cause.
pub async fn ask(tx: &Tx, app: &App, kind: &'static str, payload: Value) -> ApiResult<()> {
    let now = app.clock.now();
    store::insert(tx, app.ids.id(now), kind, payload, now).await
}

/// Works until told to stop; `wake` changes when there may be a job.
pub async fn work(
    app: App,
    kinds: Vec<Kind>,
    mut wake: watch::Receiver<u64>,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        match next(&app, &kinds).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "no job can be taken"),
        }
        tokio::select! {
            _ = wake.changed() => {}
            _ = stop.changed() => {}
            () = tokio::time::sleep(NAP) => {}
        }
    }
}

/// Takes one job of these kinds, if there is one, and does it.
pub async fn next(app: &App, kinds: &[Kind]) -> ApiResult<bool> {
    let now = app.clock.now();
    let until = now.plus_seconds(CLAIM_SECONDS);
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let claimed = app
        .db
        .write(async |tx| store::claim(tx, &names, now, until).await)
        .await?;
    let Some(job) = claimed else {
        return Ok(false);
    };
    let done = match kinds.iter().find(|kind| kind.name == job.kind) {
        Some(kind) => (kind.run)(app, &job.payload)
            .await
            .map_err(|error| error.to_string()),
        None => Err(format!("there is no job {:?}", job.kind)),
    };
    finish(app, job.id, job.attempts, done).await?;
    Ok(true)
}

async fn finish(app: &App, id: Uuid, attempts: i32, done: Result<(), String>) -> ApiResult<()> {
    let now = app.clock.now();
    app.db
        .write(async |tx| match &done {
            Ok(()) => store::remove(tx, id, attempts).await,
            Err(error) if attempts >= MOST_ATTEMPTS => {
                tracing::error!(job_id = %id, attempts, error, "a job is given up");
                store::remove(tx, id, attempts).await
            }
            Err(error) => {
                tracing::warn!(job_id = %id, attempts, error, "a job failed and is tried again");
                store::postpone(tx, (id, attempts), now.plus_seconds(pause(attempts)), error).await
            }
        })
        .await
}

/// Seconds before the next attempt: 10, 20, 40 … up to six hours.
fn pause(attempts: i32) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1))
        .unwrap_or(0)
        .min(12);
    (10_i64 << doublings).min(6 * 3600)
}

/// Does periodic work until told to stop.
pub async fn come_round(app: App, work: Periodic, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(work.every);
    while !*stop.borrow() {
        tokio::select! {
            _ = ticks.tick() => {
                if let Err(error) = (work.run)(&app).await {
                    tracing::warn!(work = work.name, %error, "periodic work failed");
                }
            }
            _ = stop.changed() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_ATTEMPTS, pause};

    #[test]
    fn the_pause_doubles_up_to_six_hours() {
        assert_eq!([1, 2, 3].map(pause), [10, 20, 40]);
        assert_eq!(pause(100), 6 * 3600);
    }

    #[test]
    fn a_job_is_tried_for_about_a_day() {
        let whole: i64 = (1..MOST_ATTEMPTS).map(pause).sum();
        assert!((20 * 3600..28 * 3600).contains(&whole), "{whole}");
    }
}

//! Rows by the million, for benchmarks and for seeing how the service feels when it is full.
//!
//! The firms are numbered: the first two are those of the story, the others have an admin each,
//! `admin3@demo.example`, `admin4@demo.example` and so on, with the story's password. Each firm has
//! an active partnership with the next; of those with the lowest numbers, so many as are asked for are
//! the first firm's. The introductions go round over the partnerships, three of
//! four from the firm with the lower number to the other. With two firms there is one partnership,
//! and its introductions are all visible to the story's first sign-in: a draft that the other firm
//! has not offered, which it would not see, is not among them.
//!
//! Everything but the story follows from the numbers, so the same call makes the same ids, and what
//! is there already is left as it is. It is written in many short transactions: a later call goes on
//! where one was cut short.

use std::time::Duration;

use uuid::Uuid;

use super::{Size, store, story};
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::EmailAddress;

/// How many introductions the story has itself.
pub(super) const STORY: u32 = 12;
/// Rows of the main table in a transaction: far from the time limit even on a busy machine.
const BATCH: u32 = 1000;
/// Transactions at a time; more only wait for the same disk and cores.
const AT_ONCE: usize = 2;
/// How often a batch that failed is tried again, each time after a longer pause.
const TRIES: u64 = 5;

/// Writes what goes beyond the demo firms.
pub async fn fill(app: &App, size: Size) -> ApiResult<()> {
    let first_lead: EmailAddress = address(story::ADVISOR)?;
    let second_lead: EmailAddress = address(story::ACCOUNTANT)?;
    let anchor = app
        .db
        .read(async |conn| store::find_anchor(conn, &first_lead, &second_lead).await)
        .await?
        .ok_or_else(|| Error::broken("the partnership of the demo firms is not active any more"))?;
    let hash = anchor.password_hash.as_str();
    each_batch(app, 3, size.all_firms(), async |tx, numbers| {
        store::insert_firms(tx, numbers, hash).await
    })
    .await?;
    let (partnerships, of_first) = (size.all_partnerships(), i64::from(size.of_first));
    each_batch(app, 2, partnerships, async |tx, numbers| {
        store::insert_partnerships(tx, numbers, (&first_lead, &second_lead), of_first).await
    })
    .await?;
    let beyond_the_story = size.introductions.saturating_sub(STORY);
    introduce(app, beyond_the_story, partnerships, anchor.partnership_id).await?;
    each_batch(app, 1, partnerships, async |tx, numbers| {
        store::insert_contributions(tx, numbers, anchor.partnership_id).await
    })
    .await?;
    for analysis in store::ANALYSES {
        let analysed = app.db.write(async |tx| store::analyse(tx, analysis).await);
        if let Err(error) = analysed.await {
            // PostgreSQL does it by itself within a minute or two.
            tracing::warn!(%error, analysis, "the planner's statistics are old for a while");
        }
    }
    Ok(())
}

async fn introduce(app: &App, count: u32, partnerships: u32, anchor: Uuid) -> ApiResult<()> {
    let partnerships = i64::from(partnerships);
    each_batch(app, 1, count, async |tx, numbers| {
        store::insert_introductions(tx, numbers, partnerships, anchor).await
    })
    .await
}

fn address(text: &str) -> ApiResult<EmailAddress> {
    text.parse()
        .map_err(|_| Error::broken("a demo address is no address"))
}

/// Calls an insert for all numbers of a range, a batch in a transaction.
async fn each_batch(
    app: &App,
    first: u32,
    last: u32,
    insert: impl AsyncFn(&Tx, (i64, i64)) -> ApiResult<i64>,
) -> ApiResult<()> {
    use futures_util::{StreamExt, TryStreamExt};
    let batches = (first..=last).step_by(usize::try_from(BATCH).unwrap_or(usize::MAX));
    let insert = &insert;
    futures_util::stream::iter(batches)
        .map(|from| {
            let numbers = (
                i64::from(from),
                i64::from(from.saturating_add(BATCH - 1).min(last)),
            );
            patiently(app, insert, numbers)
        })
        .buffer_unordered(AT_ONCE)
        .try_for_each(async |_| Ok(()))
        .await
}

/// Calls an insert for a batch, and again when the time limit cut it short: a disk that is busy with
/// a checkpoint may keep it waiting, and a batch that did get in is left as it is.
async fn patiently(
    app: &App,
    insert: &impl AsyncFn(&Tx, (i64, i64)) -> ApiResult<i64>,
    numbers: (i64, i64),
) -> ApiResult<i64> {
    for pause in 1..=TRIES {
        match app.db.write(async |tx| insert(tx, numbers).await).await {
            Err(error) => tracing::warn!(%error, "a batch is tried again"),
            done => return done,
        }
        tokio::time::sleep(Duration::from_secs(pause)).await;
    }
    app.db.write(async |tx| insert(tx, numbers).await).await
}

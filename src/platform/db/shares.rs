//! What one firm may have of the database at once, so that the flood of one leaves the others their
//! part: at most half of the connections for transactions, and so many reads under way. What is more
//! waits in the firm's own queue.
//!
//! The firm is noted for the task that answers the request, once its caller is known: so every read
//! and write has its firm's share without being told, and none can forget it. What no firm asked
//! for, such as looking at a token or a job, needs none.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::platform::error::{ApiResult, Error, Problem};

tokio::task_local! {
    static FIRM: Cell<Option<Uuid>>;
}

/// Does some work in which a firm can be noted, see [`note_firm`].
pub async fn with_firm<F: Future>(work: F) -> F::Output {
    FIRM.scope(Cell::new(None), work).await
}

/// Notes the firm for which the present task works from now on.
pub fn note_firm(firm_id: Uuid) {
    // Outside of a request there is nothing to share.
    let _ = FIRM.try_with(|firm| firm.set(Some(firm_id)));
}

/// The shares of all firms in one thing.
pub(super) struct Shares {
    each: usize,
    taken: Mutex<HashMap<Uuid, Arc<Semaphore>>>,
}

/// A part of a firm's share, given back when it is dropped.
pub(super) struct Share<'a> {
    shares: &'a Shares,
    firm_id: Uuid,
    permit: Option<OwnedSemaphorePermit>,
}

impl Shares {
    /// Shares of so much each.
    pub(super) fn new(each: usize) -> Self {
        Self {
            each: each.max(1),
            taken: Mutex::default(),
        }
    }

    /// Takes a part of the share of the firm for which the present task works; `None` when it works
    /// for none.
    ///
    /// # Errors
    /// 429 when none becomes free in time.
    pub(super) async fn take(&self, patience: Duration) -> ApiResult<Option<Share<'_>>> {
        match FIRM.try_with(Cell::get).ok().flatten() {
            Some(firm_id) => self.take_for(firm_id, patience).await.map(Some),
            None => Ok(None),
        }
    }

    async fn take_for(&self, firm_id: Uuid, patience: Duration) -> ApiResult<Share<'_>> {
        let mut share = Share {
            shares: self,
            firm_id,
            permit: None,
        };
        let own = {
            let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(Semaphore::new(self.each));
            Arc::clone(taken.entry(firm_id).or_insert_with(new))
        };
        let permit = tokio::time::timeout(patience, own.acquire_owned()).await;
        share.permit = Some(
            permit
                .map_err(|_| too_busy())?
                .map_err(|_| Error::broken("a firm's share was closed"))?,
        );
        Ok(share)
    }
}

fn too_busy() -> Problem {
    Problem::too_many("Too many requests of your firm are under way at once.", 1)
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.permit = None;
        let mut taken = self
            .shares
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // Nobody of this firm has any of it, nor waits for it: whoever does holds it too.
        if taken
            .get(&self.firm_id)
            .is_some_and(|own| Arc::strong_count(own) == 1)
        {
            taken.remove(&self.firm_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn a_firm_has_its_share_and_no_more_and_leaves_nothing_behind() {
        let shares = Shares::new(2);
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let first = shares.take_for(a, SOON).await.unwrap();
        let second = shares.take_for(a, SOON).await.unwrap();
        assert!(shares.take_for(a, SOON).await.is_err());
        drop(shares.take_for(b, SOON).await.unwrap());
        drop(first);
        drop(shares.take_for(a, SOON).await.unwrap());
        drop(second);
        assert!(shares.taken.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_share_is_taken_for_the_firm_that_was_noted() {
        let shares = Shares::new(1);
        assert!(shares.take(SOON).await.unwrap().is_none());
        with_firm(async {
            assert!(shares.take(SOON).await.unwrap().is_none());
            note_firm(Uuid::from_u128(1));
            let _share = shares.take(SOON).await.unwrap().unwrap();
            assert!(shares.take(SOON).await.is_err());
        })
        .await;
    }
}

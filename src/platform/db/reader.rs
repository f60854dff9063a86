//! The shared connections of one worker, for statements that change nothing.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Conn, Target};
use crate::platform::error::{ApiResult, Problem};

/// A few connections, used in turn, each made when it is first needed.
pub struct Readers {
    target: Target,
    slots: Vec<Slot>,
    turn: AtomicUsize,
}

#[derive(Default)]
struct Slot {
    live: Mutex<Option<Arc<Conn>>>,
    /// Held while connecting, so that a burst makes one connection and not one each.
    connecting: tokio::sync::Mutex<()>,
}

impl Slot {
    fn live(&self) -> Option<Arc<Conn>> {
        self.live
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, conn: Option<Arc<Conn>>) {
        *self.live.lock().unwrap_or_else(PoisonError::into_inner) = conn;
    }
}

impl Readers {
    pub fn new(target: Target, count: usize) -> Self {
        let slots = (0..count.max(1)).map(|_| Slot::default()).collect();
        Self {
            target,
            slots,
            turn: AtomicUsize::new(0),
        }
    }

    /// The connection whose turn it is.
    pub async fn next(&self) -> ApiResult<Arc<Conn>> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.slots.len();
        let Some(slot) = self.slots.get(turn) else {
            return Err(Problem::unavailable().into());
        };
        if let Some(live) = slot.live() {
            return Ok(live);
        }
        let _one_at_a_time = slot.connecting.lock().await;
        if let Some(live) = slot.live() {
            return Ok(live);
        }
        match self.target.connect().await {
            Ok(conn) => {
                let conn = Arc::new(conn);
                slot.set(Some(Arc::clone(&conn)));
                Ok(conn)
            }
            Err(error) => {
                tracing::warn!(%error, "no connection to the database");
                Err(Problem::unavailable().into())
            }
        }
    }

    /// Forgets them all.
    pub fn replace_all(&self) {
        self.slots.iter().for_each(|slot| slot.set(None));
    }
}

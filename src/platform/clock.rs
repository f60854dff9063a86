//! Time as a parameter: the service asks its [`Clock`], so that a test can hold it in its hand.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use super::values::Timestamp;

/// Where "now" comes from.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Hand(Arc<AtomicI64>),
}

/// Where the ticks of the machine's clock are counted from.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Moves a manual clock.
#[derive(Clone, Debug)]
pub struct Hand(Arc<AtomicI64>);

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `start` until its hand is moved.
    pub fn manual(start: Timestamp) -> (Self, Hand) {
        let micros = Arc::new(AtomicI64::new(start.as_microsecond()));
        (Self(Source::Hand(Arc::clone(&micros))), Hand(micros))
    }

    /// The present instant, to the microsecond, since PostgreSQL keeps no more.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "the one place that asks the machine"
                )]
                let now = jiff::Timestamp::now();
                Timestamp::rounded(now)
            }
            Source::Hand(micros) => Timestamp::from_microsecond(micros.load(Ordering::SeqCst)),
        }
    }

    /// How long it has been since some instant that stays the same while the process runs. Never
    /// runs backwards, as [`Clock::now`] does when somebody sets the machine's clock.
    pub fn ticks(&self) -> Duration {
        match &self.0 {
            Source::System => START.elapsed(),
            Source::Hand(micros) => {
                let micros = micros.load(Ordering::SeqCst);
                Duration::from_micros(u64::try_from(micros).unwrap_or_default())
            }
        }
    }
}

impl Hand {
    /// Moves the clock forward.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0
            .fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
    }
}

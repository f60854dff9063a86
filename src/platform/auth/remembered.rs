//! Tokens that were verified a moment ago.
//!
//! Verifying a signature and asking whether the session lives costs more than the whole request, so
//! a verified token is remembered by its digest for a minute at most. What makes that safe:
//!
//! - Whatever revokes a credential says so with `NOTIFY` in its transaction; each replica then
//!   drops what it remembers of it.
//! - A replica whose listener has heard nothing for [`SILENCE`] (it sends itself a heart-beat) does
//!   not trust what it remembers: it asks the database for each request until it hears again.
//! - A look-up that was under way while a revocation arrived is not remembered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use moka::sync::Cache;
use uuid::Uuid;

use super::Caller;
use crate::platform::values::Timestamp;

/// After so long without a word the listener counts as deaf.
pub const SILENCE: Duration = Duration::from_millis(500);
/// The longest that a token is remembered.
const LONGEST: Duration = Duration::from_secs(60);
/// How many tokens are remembered.
const MOST: u64 = 50_000;

type Digest = [u8; 32];

#[derive(Clone)]
struct Entry {
    caller: Arc<Caller>,
    expires_at: Timestamp,
}

/// What this process remembers of tokens.
pub struct Remembered {
    tokens: Cache<Digest, Entry>,
    start: Instant,
    /// Milliseconds after `start` at which the listener last heard anything; 0 for never.
    heard: AtomicU64,
    /// Counts revocations, so that a look-up can tell whether one came in between.
    revocations: AtomicU64,
}

impl Remembered {
    /// Remembers nothing and trusts nothing yet.
    pub fn new() -> Self {
        Self {
            tokens: Cache::builder()
                .max_capacity(MOST)
                .time_to_live(LONGEST)
                .build(),
            start: Instant::now(),
            heard: AtomicU64::new(0),
            revocations: AtomicU64::new(0),
        }
    }

    /// The listener heard something.
    pub fn hear(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.heard.store(now.max(1), Ordering::SeqCst);
    }

    /// The listener lost its connection: what was said meanwhile is missed, so all is forgotten.
    pub fn lose(&self) {
        self.heard.store(0, Ordering::SeqCst);
        self.revocations.fetch_add(1, Ordering::SeqCst);
        self.tokens.invalidate_all();
    }

    fn trusted(&self) -> bool {
        let heard = self.heard.load(Ordering::SeqCst);
        heard > 0 && self.start.elapsed() < Duration::from_millis(heard) + SILENCE
    }

    /// The caller behind a token, if it is remembered and may be trusted.
    pub fn caller(&self, token: &Digest, now: Timestamp) -> Option<Arc<Caller>> {
        if !self.trusted() {
            return None;
        }
        self.tokens
            .get(token)
            .filter(|entry| entry.expires_at > now)
            .map(|entry| entry.caller)
    }

    /// A mark of the present, to be taken before a look-up.
    pub fn mark(&self) -> u64 {
        self.revocations.load(Ordering::SeqCst)
    }

    /// Remembers what a look-up found, unless something was revoked since the mark.
    pub fn remember(&self, token: Digest, caller: Arc<Caller>, expires_at: Timestamp, mark: u64) {
        if self.mark() != mark {
            return;
        }
        self.tokens.insert(token, Entry { caller, expires_at });
        // A revocation between the check and the insert has already looked through the entries.
        if self.mark() != mark {
            self.tokens.invalidate(&token);
        }
    }

    /// Forgets every token of a credential, member or API client.
    pub fn revoke(&self, id: Uuid) {
        self.revocations.fetch_add(1, Ordering::SeqCst);
        for (token, entry) in &self.tokens {
            if entry.caller.credential_id == id || entry.caller.actor_id() == id {
                self.tokens.invalidate(&*token);
            }
        }
    }
}

impl Default for Remembered {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::auth::{Role, Who};

    fn caller(credential_id: Uuid) -> Arc<Caller> {
        let who = Who::Member {
            member_id: Uuid::from_u128(1),
            role: Role::Admin,
        };
        Arc::new(Caller {
            firm_id: Uuid::nil(),
            who,
            credential_id,
        })
    }

    #[test]
    fn nothing_is_trusted_before_the_listener_was_heard_and_after_it_was_lost() {
        let (remembered, now) = (Remembered::new(), Timestamp::from_microsecond(0));
        let later = now.plus_seconds(60);
        remembered.remember([1; 32], caller(Uuid::nil()), later, remembered.mark());
        assert!(remembered.caller(&[1; 32], now).is_none());
        remembered.hear();
        assert!(remembered.caller(&[1; 32], now).is_some());
        assert!(remembered.caller(&[1; 32], later).is_none(), "expired");
        remembered.lose();
        remembered.hear();
        assert!(remembered.caller(&[1; 32], now).is_none());
    }

    #[test]
    fn a_revoked_credential_is_forgotten_and_a_look_up_under_way_is_not_remembered() {
        let (remembered, now) = (Remembered::new(), Timestamp::from_microsecond(0));
        let (one, other) = (Uuid::from_u128(7), Uuid::from_u128(8));
        remembered.hear();
        remembered.remember(
            [1; 32],
            caller(one),
            now.plus_seconds(60),
            remembered.mark(),
        );
        remembered.remember(
            [2; 32],
            caller(other),
            now.plus_seconds(60),
            remembered.mark(),
        );
        let mark = remembered.mark();
        remembered.revoke(one);
        assert!(remembered.caller(&[1; 32], now).is_none());
        assert!(remembered.caller(&[2; 32], now).is_some());
        remembered.remember([3; 32], caller(one), now.plus_seconds(60), mark);
        assert!(remembered.caller(&[3; 32], now).is_none());
    }
}

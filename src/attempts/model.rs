//! What is counted, and how fast it may go: pure.

use std::net::IpAddr;

use uuid::Uuid;

use crate::platform::config::Settings;
use crate::platform::digest::Tagging;
use crate::platform::values::{EmailAddress, Timestamp};

const MINUTE: i64 = 60;

/// What an attempt is charged to.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A stranger's attempt at an account, by its address, whether there is one or not.
    Account(&'a EmailAddress),
    /// A stranger's attempt at any account, from a network address.
    Network(IpAddr),
    /// An attempt from a device that has signed in before.
    Device(Uuid),
    /// An attempt by somebody who is signed in, at the own password or code.
    Session(Uuid),
    /// A code that comes with the token of a password reset, at a member's second factor.
    Reset(Uuid),
    /// A mail that anyone can have sent to an address.
    Mailbox(&'a EmailAddress),
}

/// How many attempts a count holds, and after how long one leaks out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    holds: i64,
    micros: i64,
}

impl Subject<'_> {
    /// Its pace; `None` where nothing is counted.
    pub(super) fn pace(&self, settings: &Settings) -> Option<Pace> {
        match self {
            Self::Account(_) | Self::Reset(_) => Some(Pace::new(10, 15 * MINUTE)),
            Self::Device(_) | Self::Session(_) => Some(Pace::new(10, 5 * MINUTE)),
            Self::Mailbox(_) => Some(Pace::new(3, 20 * MINUTE)),
            Self::Network(_) => match settings.address_failures {
                0 => None,
                hourly => Some(Pace::hourly(i64::from(hourly))),
            },
        }
    }

    /// The key under which it is counted.
    pub(super) fn key(&self, tagging: &Tagging) -> [u8; 32] {
        let message = match self {
            Self::Account(email) => format!("account {email}"),
            Self::Network(address) => format!("network {address}"),
            Self::Device(id) => format!("device {id}"),
            Self::Session(id) => format!("session {id}"),
            Self::Reset(id) => format!("reset {id}"),
            Self::Mailbox(email) => format!("mailbox {email}"),
        };
        tagging.tag(message.as_bytes())
    }
}

impl Pace {
    const fn new(holds: i64, seconds: i64) -> Self {
        Self {
            holds,
            micros: seconds * 1_000_000,
        }
    }

    /// So many at once, and so many an hour.
    fn hourly(holds: i64) -> Self {
        Self {
            holds,
            micros: 60 * MINUTE * 1_000_000 / holds,
        }
    }

    /// By how many microseconds an attempt moves the end of a count on.
    pub fn interval(self) -> i64 {
        self.micros
    }

    /// When a count that is full now ends.
    pub fn full(self, now: Timestamp) -> Timestamp {
        Timestamp::from_microsecond(now.as_microsecond() + self.holds * self.micros)
    }

    /// Seconds, rounded up, until a count that ends then takes another attempt.
    pub fn wait(self, clears_at: Timestamp, now: Timestamp) -> u64 {
        let over = clears_at.as_microsecond() + self.micros - self.full(now).as_microsecond();
        let seconds = over.max(0).div_euclid(1_000_000) + i64::from(over % 1_000_000 > 0);
        u64::try_from(seconds).unwrap_or_default().max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::digest::{MasterKey, Purpose};
    use proptest::prelude::*;

    /// What the statement of the store does.
    fn charge(pace: Pace, clears_at: &mut Timestamp, now: Timestamp) -> Result<(), u64> {
        let next = (*clears_at).max(now).as_microsecond() + pace.interval();
        if next > pace.full(now).as_microsecond() {
            return Err(pace.wait(*clears_at, now));
        }
        *clears_at = Timestamp::from_microsecond(next);
        Ok(())
    }

    #[test]
    fn ten_are_taken_at_once_and_then_one_in_a_quarter_of_an_hour() {
        let pace = Pace::new(10, 900);
        let now = Timestamp::from_microsecond(1_000_000_000_000);
        let mut count = Timestamp::from_microsecond(0);
        for _ in 0..10 {
            assert_eq!(charge(pace, &mut count, now), Ok(()));
        }
        assert_eq!(charge(pace, &mut count, now), Err(900));
        assert_eq!(charge(pace, &mut count, now.plus_seconds(899)), Err(1));
        assert_eq!(charge(pace, &mut count, now.plus_seconds(900)), Ok(()));
        assert_eq!(charge(pace, &mut count, now.plus_seconds(900)), Err(900));
    }

    proptest! {
        #[test]
        fn whoever_waits_as_told_is_taken_and_not_sooner(
            holds in 1_i64..20, seconds in 1_i64..1000, gaps in proptest::collection::vec(0_i64..500, 1..60),
        ) {
            let pace = Pace::new(holds, seconds);
            let mut now = Timestamp::from_microsecond(1_000_000_000_000);
            let mut count = Timestamp::from_microsecond(0);
            for gap in gaps {
                now = now.plus_seconds(gap);
                if let Err(wait) = charge(pace, &mut count, now) {
                    let wait = i64::try_from(wait).unwrap();
                    prop_assert!(charge(pace, &mut count.clone(), now.plus_seconds(wait - 1)).is_err());
                    now = now.plus_seconds(wait);
                    prop_assert_eq!(charge(pace, &mut count, now), Ok(()));
                }
            }
        }
    }

    #[test]
    fn two_things_are_never_counted_as_one() {
        let tagging = MasterKey::new([1; 32]).tagging(Purpose::Attempts);
        let email: EmailAddress = "ana@redmesa.example".parse().unwrap();
        let id = Uuid::from_u128(7);
        let all = [
            Subject::Account(&email),
            Subject::Mailbox(&email),
            Subject::Device(id),
            Subject::Session(id),
            Subject::Reset(id),
            Subject::Network("192.0.2.1".parse().unwrap()),
        ];
        let keys: std::collections::BTreeSet<_> =
            all.iter().map(|subject| subject.key(&tagging)).collect();
        assert_eq!(keys.len(), all.len());
    }
}

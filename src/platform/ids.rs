//! Where ids and short references come from: UUIDv7 (RFC 9562), so that an index on them grows at
//! one end, and a human-readable reference that says nothing about whom it stands for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::{Builder, Uuid};

use super::digest;
use super::values::Timestamp;

/// Crockford's base 32 without the letters that are misread on the phone.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A source of ids; seeded, it gives the same ids in the same order.
#[derive(Clone, Debug)]
pub struct Ids(Source);

#[derive(Clone, Debug)]
enum Source {
    Random,
    Seeded { seed: u64, count: Arc<AtomicU64> },
}

impl Ids {
    /// Ids from the system's random numbers.
    pub const fn random() -> Self {
        Self(Source::Random)
    }

    /// Ids that a seed determines, for demo data and tests.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded {
            seed,
            count: Arc::new(AtomicU64::new(0)),
        })
    }

    fn bytes(&self) -> [u8; 10] {
        match &self.0 {
            Source::Random => digest::random(),
            Source::Seeded { seed, count } => {
                let mut material = seed.to_be_bytes().to_vec();
                material.extend(count.fetch_add(1, Ordering::SeqCst).to_be_bytes());
                let mut bytes = [0; 10];
                for (to, from) in bytes.iter_mut().zip(digest::sha256(&material)) {
                    *to = from;
                }
                bytes
            }
        }
    }

    /// A new UUIDv7 that carries the given instant.
    pub fn id(&self, at: Timestamp) -> Uuid {
        let millis = u64::try_from(at.as_microsecond() / 1000).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    /// A new short reference, ten characters in two groups: `7KQ4M-X2N9D`.
    pub fn reference(&self) -> String {
        let mut reference = String::with_capacity(11);
        for (place, byte) in self.bytes().into_iter().enumerate() {
            if place == 5 {
                reference.push('-');
            }
            let letter = ALPHABET
                .get(usize::from(byte % 32))
                .copied()
                .unwrap_or(b'0');
            reference.push(char::from(letter));
        }
        reference
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_carries_its_instant_and_is_version_7() {
        let at = Timestamp::from_microsecond(1_750_000_000_123_000);
        let id = Ids::random().id(at);
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(
            id.get_timestamp().map(|t| t.to_unix().0),
            Some(1_750_000_000)
        );
    }

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let at = Timestamp::from_microsecond(0);
        let (one, other) = (Ids::seeded(7), Ids::seeded(7));
        assert_eq!(one.id(at), other.id(at));
        assert_eq!(one.reference(), other.reference());
        assert_ne!(one.id(at), one.id(at));
    }
}

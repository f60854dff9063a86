//! Advisory locks: what transactions agree not to do at the same time, where no row stands for it.
//!
//! Unlike the lock of a row, one of these gives a transaction no number yet: whoever waits for it is
//! numbered after those that it waited for, and so stands after them in the change feed.

use crate::platform::digest::sha256;

/// The number under which a name is locked.
pub fn number(name: &str) -> i64 {
    let mut first = [0; 8];
    first
        .iter_mut()
        .zip(sha256(name.as_bytes()))
        .for_each(|(to, from)| *to = from);
    i64::from_be_bytes(first)
}

//! Partnerships: proposed, answered, begun, ended; and the invitation of who has no account.

mod proposals;
mod transitions;

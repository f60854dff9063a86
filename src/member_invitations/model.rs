//! What an invitation of a member is.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::auth::Role;
use crate::platform::values::{EmailAddress, Name, Timestamp};
use crate::words;

words! {
    /// How far an invitation has come.
    pub enum MemberInvitationState {
        /// It can be accepted.
        Pending = "pending",
        /// It has made a member.
        Accepted = "accepted",
        /// It was taken back, or a later one took its place.
        Revoked = "revoked",
        /// Nobody accepted it in time.
        Expired = "expired",
    }
}

/// An invitation to become a member of the firm.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MemberInvitation {
    /// Its id.
    pub id: Uuid,
    /// How far it has come.
    pub state: MemberInvitationState,
    /// The address that the mail went to.
    pub email: EmailAddress,
    /// What you call the invited one.
    pub name: Option<Name>,
    /// What the member may do.
    pub role: Role,
    /// The member who invites.
    pub invited_by: Uuid,
    /// Who it made a member.
    pub member_id: Option<Uuid>,
    /// When it was sent.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
}

/// The state of an invitation at an instant. One that had expired before a later one took its place
/// stays expired.
pub(super) fn state(
    (accepted_at, revoked_at): (Option<Timestamp>, Option<Timestamp>),
    expires_at: Timestamp,
    now: Timestamp,
) -> MemberInvitationState {
    if accepted_at.is_some() {
        MemberInvitationState::Accepted
    } else if revoked_at.is_some_and(|at| at < expires_at) {
        MemberInvitationState::Revoked
    } else if expires_at <= now {
        MemberInvitationState::Expired
    } else {
        MemberInvitationState::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_thing_that_happened_to_an_invitation_is_its_state() {
        use MemberInvitationState::{Accepted, Expired, Pending, Revoked};
        let at = |second: i64| Timestamp::from_microsecond(second * 1_000_000);
        let cases = [
            ((None, None), 9, Pending),
            ((None, None), 10, Expired),
            ((Some(at(5)), None), 11, Accepted),
            ((None, Some(at(5))), 6, Revoked),
            ((None, Some(at(5))), 11, Revoked),
            ((None, Some(at(12))), 13, Expired),
        ];
        for (done, now, expected) in cases {
            assert_eq!(state(done, at(10), at(now)), expected, "{done:?} at {now}");
        }
    }
}

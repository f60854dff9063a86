//! The refresh token: session and generation, with a tag that only the service can make.

use uuid::Uuid;

use crate::platform::digest::{self, Tagging};

/// What a refresh token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RefreshToken {
    pub session_id: Uuid,
    pub generation: i32,
}

impl RefreshToken {
    fn message(self) -> Vec<u8> {
        [
            self.session_id.as_bytes().as_slice(),
            &self.generation.to_be_bytes(),
        ]
        .concat()
    }

    /// The token as the client gets it.
    pub fn seal(self, tagging: &Tagging) -> String {
        let message = self.message();
        let tag = tagging.tag(&message);
        digest::base64url(&[message.as_slice(), &tag].concat())
    }

    /// Reads a token that this service made.
    pub fn open(text: &str, tagging: &Tagging) -> Option<Self> {
        let bytes = digest::from_base64url(text)?;
        let (message, tag) = bytes.split_at_checked(20)?;
        let (id, generation) = message.split_at_checked(16)?;
        let genuine = tag.len() == 32 && tagging.matches(message, tag);
        let generation = i32::from_be_bytes(generation.try_into().ok()?);
        Uuid::from_slice(id)
            .ok()
            .filter(|_| genuine)
            .map(|session_id| Self {
                session_id,
                generation,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::digest::{MasterKey, Purpose};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_refresh_token_opens_as_it_was_sealed_and_not_when_touched(
            id in any::<u128>(), generation in 0..i32::MAX, place in 0_usize..52, bit in 0_u8..8,
        ) {
            let tagging = MasterKey::new([3; 32]).tagging(Purpose::Refresh);
            let token = RefreshToken { session_id: Uuid::from_u128(id), generation };
            let sealed = token.seal(&tagging);
            prop_assert_eq!(RefreshToken::open(&sealed, &tagging), Some(token));
            let mut touched = digest::from_base64url(&sealed).unwrap();
            touched[place] ^= 1 << bit;
            prop_assert_eq!(RefreshToken::open(&digest::base64url(&touched), &tagging), None);
        }
    }
}

//! Digests, keyed digests, sealing and random bytes, all from aws-lc.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{constant_time, digest, hkdf, hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretBox};

/// SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

/// Random bytes from the system's generator.
///
/// # Panics
/// Never: [`rand::fill`] of aws-lc fails only where the operating system has no entropy at all,
/// and then the process ends, since no secret could be made.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if rand::fill(&mut bytes).is_err() {
        tracing::error!("the operating system gives no random bytes");
        std::process::abort();
    }
    bytes
}

/// Bytes as URL-safe base64 without padding.
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of URL-safe base64 without padding.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A secret that goes out once, in a mail: 256 random bits. The database keeps its digest alone.
pub struct Token {
    /// What is sent.
    pub text: String,
    /// What is kept: SHA-256 of the text.
    pub digest: [u8; 32],
}

impl Token {
    /// Another one.
    #[expect(clippy::new_without_default, reason = "no two are alike")]
    pub fn new() -> Self {
        let bytes: [u8; 32] = random();
        let text = base64url(&bytes);
        Self {
            digest: Self::digest_of(&text),
            text,
        }
    }

    /// The digest under which a token that somebody sends is kept, if it is.
    pub fn digest_of(text: &str) -> [u8; 32] {
        sha256(text.as_bytes())
    }
}

/// The service's master key: 32 bytes from which each purpose derives its own key.
#[derive(Debug)]
pub struct MasterKey(SecretBox<[u8; 32]>);

/// What a derived key is for; two purposes never share one.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Tags that make list cursors tamper-evident.
    Cursor,
    /// Refresh tokens.
    Refresh,
    /// The seal over private signing keys in the database.
    SigningKeys,
    /// The chain over the audit log.
    Audit,
    /// The keys under which attempts at passwords and codes are counted.
    Attempts,
    /// The seal over the secrets of authenticator apps in the database.
    SecondFactors,
    /// The digests of recovery codes.
    RecoveryCodes,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Cursor => b"quid cursor v1",
            Self::Refresh => b"quid refresh v1",
            Self::SigningKeys => b"quid signing keys v1",
            Self::Audit => b"quid audit v1",
            Self::Attempts => b"quid attempts v1",
            Self::SecondFactors => b"quid second factors v1",
            Self::RecoveryCodes => b"quid recovery codes v1",
        }
    }
}

impl MasterKey {
    /// A key from its 32 bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// Reads a key from base64url, standard base64 or 64 hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = from_base64url(text.trim_end_matches('='))
            .or_else(|| base64::engine::general_purpose::STANDARD.decode(text).ok())
            .filter(|bytes| bytes.len() == 32)
            .or_else(|| from_hex(text))?;
        <[u8; 32]>::try_from(bytes).ok().map(Self::new)
    }

    fn derive(&self, purpose: Purpose) -> [u8; 32] {
        let mut out = [0; 32];
        let key = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(self.0.expose_secret());
        let filled = key
            .expand(&[purpose.label()], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(&mut out));
        if filled.is_err() {
            // 32 bytes are far below HKDF's limit of 255 blocks (RFC 5869, 2.3).
            std::process::abort();
        }
        out
    }

    /// The key for tags of one purpose.
    pub fn tagging(&self, purpose: Purpose) -> Tagging {
        Tagging(hmac::Key::new(hmac::HMAC_SHA256, &self.derive(purpose)))
    }

    /// Seals a secret so that only this master key opens it (AES-256-GCM, random nonce in front).
    pub fn seal(&self, purpose: Purpose, secret: &[u8]) -> Option<Vec<u8>> {
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.derive(purpose)).ok()?);
        let nonce: [u8; NONCE_LEN] = random();
        let mut sealed = secret.to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(purpose.label()),
            &mut sealed,
        )
        .ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`MasterKey::seal`] sealed; `None` when it was another key or was touched.
    pub fn open(&self, purpose: Purpose, sealed: &[u8]) -> Option<Vec<u8>> {
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.derive(purpose)).ok()?);
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut body = body.to_vec();
        let opened = key
            .open_in_place(nonce, Aad::from(purpose.label()), &mut body)
            .ok()?;
        Some(opened.to_vec())
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 {
        return None;
    }
    (0..32)
        .map(|place| {
            text.get(place * 2..place * 2 + 2)
                .and_then(|two| u8::from_str_radix(two, 16).ok())
        })
        .collect()
}

/// Makes and checks keyed tags (HMAC-SHA-256).
#[derive(Clone, Debug)]
pub struct Tagging(hmac::Key);

impl Tagging {
    /// The tag of a message.
    pub fn tag(&self, message: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(hmac::sign(&self.0, message).as_ref());
        out
    }

    /// Whether `tag` is the beginning (at least 16 bytes) of the message's tag; constant time.
    pub fn matches(&self, message: &[u8], tag: &[u8]) -> bool {
        let whole = self.tag(message);
        tag.len() >= 16
            && whole
                .get(..tag.len())
                .is_some_and(|part| constant_time::verify_slices_are_equal(part, tag).is_ok())
    }
}

/// Whether two secrets are the same, in constant time.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(one, other).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_with_its_own_key_and_purpose_only() {
        let key = MasterKey::new([7; 32]);
        let sealed = key.seal(Purpose::SigningKeys, b"secret").unwrap();
        assert_eq!(
            key.open(Purpose::SigningKeys, &sealed).as_deref(),
            Some(&b"secret"[..])
        );
        assert_eq!(key.open(Purpose::Cursor, &sealed), None);
        assert_eq!(
            MasterKey::new([8; 32]).open(Purpose::SigningKeys, &sealed),
            None
        );
        let mut touched = sealed.clone();
        *touched.last_mut().unwrap() ^= 1;
        assert_eq!(key.open(Purpose::SigningKeys, &touched), None);
    }

    #[test]
    fn a_token_is_found_by_its_text_and_no_two_are_alike() {
        let (one, other) = (Token::new(), Token::new());
        assert_eq!(Token::digest_of(&one.text), one.digest);
        assert_eq!(from_base64url(&one.text).map(|bytes| bytes.len()), Some(32));
        assert_ne!(one.text, other.text);
    }

    #[test]
    fn a_tag_does_not_match_when_cut_below_sixteen_bytes() {
        let tagging = MasterKey::new([7; 32]).tagging(Purpose::Cursor);
        let tag = tagging.tag(b"m");
        assert!(tagging.matches(b"m", &tag));
        assert!(tagging.matches(b"m", &tag[..16]));
        assert!(!tagging.matches(b"m", &tag[..15]));
        assert!(!tagging.matches(b"n", &tag));
    }

    #[test]
    fn a_master_key_is_read_from_hex_and_base64() {
        assert!(MasterKey::parse(&"ab".repeat(32)).is_some());
        assert!(MasterKey::parse(&base64url(&[1; 32])).is_some());
        assert!(MasterKey::parse("too short").is_none());
    }
}

//! The keys that sign access tokens: Ed25519, sealed in the database, rotated with overlap.
//!
//! A new key is published before it signs, and an old one verifies until the last token that it
//! signed has expired, so that nobody who remembers the published keys for [`OVERLAP`] ever meets a
//! token that he can't verify.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock};

use aws_lc_rs::signature::Ed25519KeyPair;
use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

use super::store::{self, SigningKeyRow};
use super::tokens::ACCESS_TOKEN_SECONDS;
use crate::platform::db::{Conn, Tx};
use crate::platform::digest::{MasterKey, Purpose};
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::Timestamp;

/// For so many seconds a new key is published before it signs.
pub const OVERLAP: i64 = 300;

/// A key that can sign.
#[derive(Clone)]
pub struct SigningKey {
    /// Its id: the thumbprint of its public part (RFC 7638).
    pub kid: String,
    /// The private part.
    pub encoding: EncodingKey,
    decoding: DecodingKey,
    public: Jwk,
    signs_from: Timestamp,
    verifies_until: Option<Timestamp>,
}

/// The keys that this process knows.
#[derive(Default)]
pub struct KeyRing {
    keys: RwLock<Vec<SigningKey>>,
    /// The second in which they were last looked for, because of a key that nobody knew.
    looked: AtomicI64,
}

impl KeyRing {
    fn read<T>(&self, look: impl FnOnce(&[SigningKey]) -> T) -> T {
        look(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The key that signs now: the newest that has begun to.
    pub fn signer(&self, now: Timestamp) -> Option<SigningKey> {
        self.read(|keys| keys.iter().find(|key| key.signs_from <= now).cloned())
    }

    /// The public part of the key with this id, while it verifies.
    pub fn verifier(&self, kid: &str, now: Timestamp) -> Option<DecodingKey> {
        self.read(|keys| {
            keys.iter()
                .find(|key| key.kid == kid && key.verifies_until.is_none_or(|until| until > now))
                .map(|key| key.decoding.clone())
        })
    }

    /// The public parts, as `/.well-known/jwks.json` publishes them.
    pub fn public(&self) -> JwkSet {
        JwkSet {
            keys: self.read(|keys| keys.iter().map(|key| key.public.clone()).collect()),
        }
    }

    /// Whether it is worth looking for an unknown key: once a second, so that tokens with invented
    /// keys cost the database nothing.
    pub fn may_look(&self, now: Timestamp) -> bool {
        self.looked.swap(now.as_second(), Ordering::Relaxed) != now.as_second()
    }

    /// Reads the keys from the database.
    pub async fn load(&self, conn: &Conn, master: &MasterKey, now: Timestamp) -> ApiResult<()> {
        let rows = store::list_keys(conn, now).await?;
        let keys: Vec<_> = rows
            .into_iter()
            .filter_map(|row| open(row, master))
            .collect();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }
}

fn open(row: SigningKeyRow, master: &MasterKey) -> Option<SigningKey> {
    let Some(der) = master.open(Purpose::SigningKeys, &row.sealed_private_key) else {
        tracing::error!(
            kid = row.kid,
            "a signing key was sealed under another master key; it is not used"
        );
        return None;
    };
    let public: Jwk = serde_json::from_value(row.public_jwk).ok()?;
    Some(SigningKey {
        kid: row.kid,
        encoding: EncodingKey::from_ed_der(&der),
        decoding: DecodingKey::from_jwk(&public).ok()?,
        public,
        signs_from: row.signs_from,
        verifies_until: row.verifies_until,
    })
}

/// Makes a first key where there is none that this master key opens.
pub async fn ensure(tx: &Tx, master: &MasterKey, now: Timestamp) -> ApiResult<()> {
    store::lock(tx).await?;
    let keys = store::list_keys(tx, now).await?;
    if keys.into_iter().any(|row| open(row, master).is_some()) {
        return Ok(());
    }
    store::insert(tx, &make(master, now, now)?).await
}

/// Makes a new key. It signs after [`OVERLAP`]; the others then verify until the last token that
/// they signed has expired. `at_once` skips the overlap, for a key that leaked: tokens signed by the
/// old ones stop working now. Gives the new key's id.
pub async fn rotate(
    tx: &Tx,
    master: &MasterKey,
    now: Timestamp,
    at_once: bool,
) -> ApiResult<String> {
    store::lock(tx).await?;
    let signs_from = if at_once {
        now
    } else {
        now.plus_seconds(OVERLAP)
    };
    let key = make(master, now, signs_from)?;
    store::insert(tx, &key).await?;
    let until = if at_once {
        now
    } else {
        signs_from.plus_seconds(ACCESS_TOKEN_SECONDS)
    };
    store::retire_others(tx, &key.kid, until).await?;
    Ok(key.kid)
}

fn make(master: &MasterKey, now: Timestamp, signs_from: Timestamp) -> ApiResult<SigningKeyRow> {
    let broken = |_| Error::broken("no Ed25519 key could be made");
    let pair = Ed25519KeyPair::generate().map_err(broken)?;
    let der = pair.to_pkcs8v1().map_err(broken)?;
    let encoding = EncodingKey::from_ed_der(der.as_ref());
    let no_jwk = |_| Error::broken("an Ed25519 key gave no JWK");
    let mut public = Jwk::from_encoding_key(&encoding, Algorithm::EdDSA).map_err(no_jwk)?;
    let kid = public.thumbprint(ThumbprintHash::SHA256).map_err(no_jwk)?;
    public.common.key_id = Some(kid.clone());
    public.common.public_key_use = Some(PublicKeyUse::Signature);
    public.common.key_algorithm = Some(KeyAlgorithm::EdDSA);
    let sealed = master.seal(Purpose::SigningKeys, der.as_ref());
    Ok(SigningKeyRow {
        kid,
        sealed_private_key: sealed.ok_or_else(|| Error::broken("a signing key can't be sealed"))?,
        public_jwk: serde_json::to_value(public).map_err(|_| Error::broken("a JWK is no JSON"))?,
        created_at: now,
        signs_from,
        verifies_until: None,
    })
}

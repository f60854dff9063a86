//! Passwords: Argon2id with OWASP's parameters (19 MiB, two passes), never more than two at once,
//! since each takes a core for some 20 ms.

use std::sync::LazyLock;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::platform::error::{ApiResult, Error};

/// The shortest password that is taken (NIST SP 800-63B-4, 3.1.1.2: 15 where it is the only factor).
pub const SHORTEST: usize = 15;
/// The longest, so that nobody has us hash a book.
pub const LONGEST: usize = 128;

static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Compared against when there is no such account, so that both cases take as long.
static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody has this password"));

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &str) -> Option<String> {
    let salt: [u8; 16] = crate::platform::digest::random();
    argon2()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .ok()
        .map(|hash| hash.to_string())
}

fn verify_now(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

async fn off_the_worker<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> ApiResult<T> {
    let _turn = AT_ONCE
        .acquire()
        .await
        .map_err(|_| Error::broken("password semaphore closed"))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::broken("password task failed"))
}

/// Hashes a new password, as a PHC string.
pub async fn hash(password: SecretString) -> ApiResult<String> {
    off_the_worker(move || hash_now(password.expose_secret()))
        .await?
        .ok_or_else(|| Error::broken("Argon2 gave no hash"))
}

/// Whether the password is the one that was hashed. Without a hash it takes as long and is not.
pub async fn verify(password: SecretString, hash: Option<String>) -> ApiResult<bool> {
    off_the_worker(move || match hash.as_deref() {
        Some(hash) => verify_now(password.expose_secret(), hash),
        None => {
            let nobodys = NOBODYS.as_deref().unwrap_or_default();
            std::hint::black_box(verify_now(password.expose_secret(), nobodys));
            false
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_that_was_hashed_is_right() {
        let hash = hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(
            verify("correct horse battery".into(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !verify("correct horse batterz".into(), Some(hash))
                .await
                .unwrap()
        );
        assert!(
            !verify("nobody has this password".into(), None)
                .await
                .unwrap()
        );
    }
}

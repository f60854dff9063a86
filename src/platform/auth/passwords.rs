//! Passwords: which are taken, and how they are kept.
//!
//! # The rules
//! Those of NIST SP 800-63B-4, 3.1.1.2: [`SHORTEST`] to [`LONGEST`] characters, each code point counting
//! as one; no rules of composition and no expiry; compared in Unicode normalisation form C, so that a
//! letter is the same letter whichever keyboard made it; and none that is commonly used, expected or
//! of the context: the person's name and address, the firm's name, the service's.
//!
//! The last is decided by zxcvbn, which ships lists of the most used passwords, names and words, knows
//! sequences, repeats, dates and paths over the keyboard, and estimates after how many guesses one who
//! knows all that and the context would arrive at the password. What takes fewer than
//! 10 ^ [`FEWEST_GUESSES_LOG10`] guesses is refused. That is far more than can be tried at the service,
//! where a stranger has some hundred guesses a day for one account ([`crate::attempts`]), and it is
//! zxcvbn's own line between "somewhat guessable" and "safely unguessable". Two zeros more would refuse
//! pass phrases of three everyday words, which people can remember, and drive them to write down what
//! they can't.
//!
//! # How they are kept
//! By Argon2id with OWASP's parameters (19 MiB, two passes), never more than two at once, since each
//! takes a core for some 20 ms.

use std::sync::LazyLock;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::platform::error::{ApiResult, Error, Problem};

/// The shortest password that is taken (NIST SP 800-63B-4, 3.1.1.2: 15 where it is the only factor).
pub const SHORTEST: usize = 15;
/// The longest, so that nobody has us hash a book.
pub const LONGEST: usize = 128;
/// The logarithm of how many guesses a password must withstand.
pub const FEWEST_GUESSES_LOG10: f64 = 8.0;
/// What nobody's password may be made of: the service's own name.
const OURS: &str = "quid";

static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Compared against when there is no such account, so that both cases take as long.
static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody has this password"));

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// One spelling for what reads the same, so that the keyboard does not matter.
fn normal(password: &str) -> String {
    password.nfc().collect()
}

fn hash_now(password: &str) -> Option<String> {
    let salt: [u8; 16] = crate::platform::digest::random();
    argon2()
        .hash_password_with_salt(normal(password).as_bytes(), &salt)
        .ok()
        .map(|hash| hash.to_string())
}

fn verify_now(password: &str, hash: &str) -> bool {
    let password = normal(password);
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

/// Asks that a password which somebody sets is one that is taken; `context` is what others know of the
/// person, such as name, address and firm.
///
/// # Errors
/// 422 at the pointer, which says why and what would do.
pub async fn check(password: &SecretString, pointer: &str, context: &[&str]) -> ApiResult<()> {
    let password = password.clone();
    let context: Vec<String> = context.iter().map(|&text| text.to_owned()).collect();
    let fault = off_the_worker(move || fault(&normal(password.expose_secret()), &context)).await?;
    match fault {
        None => Ok(()),
        Some((code, detail)) => Err(Problem::invalid_field(pointer, code, detail).into()),
    }
}

/// What is wrong with a password.
fn fault(password: &str, context: &[String]) -> Option<(&'static str, String)> {
    let length = password.chars().count();
    if length < SHORTEST {
        let detail =
            format!("Take {SHORTEST} characters or more; several words in a row are good.");
        return Some(("too_short", detail));
    }
    if length > LONGEST {
        return Some(("too_long", format!("Take {LONGEST} characters at most.")));
    }
    let expected = expected(context);
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let estimate = zxcvbn::zxcvbn(password, &expected);
    if estimate.guesses_log10() >= FEWEST_GUESSES_LOG10 {
        return None;
    }
    let why = estimate
        .feedback()
        .and_then(|feedback| feedback.warning())
        .map(|warning| format!(" {warning}"))
        .unwrap_or_default();
    let detail = format!(
        "This is too easy to guess, even though it is long.{why} Take several words that have nothing to do with one another, with you or with your firm."
    );
    Some(("guessable", detail))
}

/// The context as somebody would write it into a password: as it stands, without blanks and signs, and
/// each of its words.
fn expected(context: &[String]) -> Vec<String> {
    let mut expected = vec![OURS.to_owned()];
    for text in context {
        let text = normal(text).to_lowercase();
        let words = text.split(|sign: char| !sign.is_alphanumeric());
        let words: Vec<_> = words.filter(|word| word.chars().count() > 2).collect();
        expected.push(words.concat());
        expected.extend(words.into_iter().map(str::to_owned));
        expected.push(text);
    }
    expected.retain(|text| !text.is_empty());
    expected
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

    fn code(password: &str) -> Option<&'static str> {
        let context = ["Ana Ruiz", "ana.ruiz@redmesa.example", "Red Mesa Wealth"];
        fault(&normal(password), &context.map(str::to_owned)).map(|(code, _)| code)
    }

    #[test]
    fn a_phrase_of_unrelated_words_is_taken_whatever_its_characters() {
        for good in [
            "correct horse battery staple",
            "a long pass phrase of hers",
            "a demo pass phrase",
            "kürbis mond schublade 7",
            "tangerine orbit wallpaper",
            "日本語の合言葉はとても長いですよね",
        ] {
            assert_eq!(code(good), None, "{good}");
        }
    }

    #[test]
    fn what_is_common_expected_or_of_the_context_is_refused() {
        for bad in [
            "passwordpassword",
            "123456789012345",
            "aaaaaaaaaaaaaaaaaaaa",
            "qwertyuiopasdfgh",
            "quidquidquidquid",
            "redmesawealth2026",
            "Red Mesa Wealth1",
            "ana.ruiz@redmesa.example",
            "AnaRuizAnaRuiz1",
            "iloveyouiloveyou",
        ] {
            assert_eq!(code(bad), Some("guessable"), "{bad}");
        }
    }

    #[test]
    fn characters_are_counted_as_they_are_kept() {
        assert_eq!(code("orbit tangerin"), Some("too_short"));
        assert_eq!(code("orbit tangerine"), None);
        assert_eq!(code(&"o\u{308}".repeat(14)), Some("too_short"));
        assert_eq!(code(&"x".repeat(129)), Some("too_long"));
        let detail = fault("short", &[]).map(|(_, detail)| detail);
        assert!(detail.is_some_and(|detail| detail.contains("15 characters")));
    }

    #[tokio::test]
    async fn a_letter_is_the_same_letter_whichever_keyboard_made_it() {
        let hash = hash("gr\u{fc}ne k\u{fc}rbisse im mond".into())
            .await
            .unwrap();
        let other = "gru\u{308}ne ku\u{308}rbisse im mond".into();
        assert!(verify(other, Some(hash)).await.unwrap());
    }

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

//! Codes: those of the app, and those that stand in for it. Pure.

use totp_rs::{Algorithm, Builder, Secret};
use uuid::Uuid;

use crate::platform::digest::{self, Tagging};
use crate::platform::values::{EmailAddress, Timestamp};

/// A secret's length: that of the hash (RFC 4226, 4, R6).
pub(super) const SECRET_BYTES: usize = 20;
const DIGITS: u8 = 6;
const STEP_SECONDS: u64 = 30;
/// By so many steps the app's clock may differ (RFC 6238, 5.2).
const DRIFT: u16 = 1;
/// How many recovery codes there are.
pub(super) const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code; each has five bits.
const RECOVERY_LETTERS: usize = 16;
/// Crockford's base 32, which has no letters that are misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What was sent as a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// What an app shows: six digits.
    OfApp(String),
    /// A recovery code, without what only makes it readable.
    Recovery(String),
}

impl Code {
    /// Reads a code as people write it: with blanks or dashes, in small letters, an O for a zero.
    pub fn read(text: &str) -> Option<Self> {
        let signs = text.chars().filter(|sign| !matches!(sign, ' ' | '-'));
        let plain: String = signs.map(|sign| sign.to_ascii_uppercase()).collect();
        if plain.len() == usize::from(DIGITS) && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::OfApp(plain));
        }
        let letters = plain.chars().map(|sign| match sign {
            'O' => '0',
            'I' | 'L' => '1',
            sign => sign,
        });
        let code: String = letters.collect();
        let fits =
            code.len() == RECOVERY_LETTERS && code.bytes().all(|byte| ALPHABET.contains(&byte));
        fits.then_some(Self::Recovery(code))
    }

    /// The recovery code, if it is one.
    pub fn recovery(self) -> Option<String> {
        match self {
            Self::Recovery(code) => Some(code),
            Self::OfApp(_) => None,
        }
    }
}

/// SHA-1, since most apps know no other and some pass over what the URI says; its weakness is none of
/// HMAC's (RFC 4226, appendix B.2).
fn app_with(secret: &[u8]) -> Builder {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_step_duration(STEP_SECONDS)
        .with_skew(DRIFT)
        .with_secret(secret.to_vec())
}

/// The time step whose code this is, if it is one of now, or of one step before or after.
pub(super) fn step_of(secret: &[u8], digits: &str, now: Timestamp) -> Option<i64> {
    let seconds = u64::try_from(now.as_second()).ok()?;
    let step = app_with(secret).build().ok()?.check(digits, seconds)?;
    i64::try_from(step).ok()
}

/// The secret as people type it.
pub(super) fn base32(secret: &[u8]) -> String {
    Secret::from(secret.to_vec()).to_base32()
}

/// What apps read from a QR code.
pub(super) fn uri(secret: &[u8], email: &EmailAddress) -> Option<String> {
    let named = app_with(secret)
        .with_issuer(Some("Quid"))
        .with_account_name(email.as_str());
    named.build().ok()?.to_url().ok()
}

/// New recovery codes, in four groups of four letters.
pub(super) fn new_recovery_codes() -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| new_recovery_code()).collect()
}

fn new_recovery_code() -> String {
    let bytes: [u8; RECOVERY_LETTERS] = digest::random();
    let mut code = String::new();
    for (place, byte) in bytes.into_iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        let letter = ALPHABET.get(usize::from(byte % 32)).copied();
        code.push(char::from(letter.unwrap_or(b'0')));
    }
    code
}

/// What is kept of a member's recovery code.
pub(super) fn recovery_digest(tagging: &Tagging, member_id: Uuid, code: &str) -> [u8; 32] {
    tagging.tag(&[member_id.as_bytes().as_slice(), code.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::digest::{MasterKey, Purpose};
    use proptest::prelude::*;

    /// The secret of RFC 6238, appendix B.
    const SECRET: &[u8] = b"12345678901234567890";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_microsecond(second * 1_000_000)
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        // Appendix B has eight digits; six are the last six of them.
        let table = [
            (59, "287082", 1),
            (1_111_111_109, "081804", 37_037_036),
            (1_111_111_111, "050471", 37_037_037),
            (1_234_567_890, "005924", 41_152_263),
            (2_000_000_000, "279037", 66_666_666),
        ];
        for (second, code, step) in table {
            assert_eq!(step_of(SECRET, code, at(second)), Some(step));
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let (code, second) = ("050471", 1_111_111_111);
        let begins = second - second % 30;
        assert_eq!(step_of(SECRET, code, at(begins - 30)), Some(37_037_037));
        assert_eq!(step_of(SECRET, code, at(begins + 59)), Some(37_037_037));
        assert_eq!(step_of(SECRET, code, at(begins - 31)), None);
        assert_eq!(step_of(SECRET, code, at(begins + 60)), None);
        assert_eq!(step_of(SECRET, "050472", at(second)), None);
    }

    #[test]
    fn an_app_reads_the_secret_from_the_uri() {
        let email = "ana+quid@redmesa.example".parse().unwrap();
        assert_eq!(
            uri(SECRET, &email).as_deref(),
            Some(
                "otpauth://totp/Quid:ana%2Bquid%40redmesa.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Quid"
            )
        );
    }

    #[test]
    fn a_code_is_read_as_people_write_it() {
        assert_eq!(
            Code::read("050 471"),
            Some(Code::OfApp("050471".to_owned()))
        );
        let recovery = Some(Code::Recovery("7KQ4M2X9DT3VW801".to_owned()));
        assert_eq!(Code::read("7kq4-m2x9-dt3v-w8oi"), recovery);
        assert_eq!(Code::read("7KQ4M2X9DT3VW801"), recovery);
        for none in [
            "",
            "12345",
            "1234567",
            "7KQ4-M2X9-DT3V",
            "7KQ4-M2X9-DT3V-W8RU",
        ] {
            assert_eq!(Code::read(none), None, "{none}");
        }
    }

    #[test]
    fn recovery_codes_are_ten_and_all_different() {
        let codes: std::collections::BTreeSet<_> = new_recovery_codes().into_iter().collect();
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert!(
            codes
                .iter()
                .all(|code| Code::read(code).and_then(Code::recovery).is_some())
        );
    }

    #[test]
    fn one_members_recovery_code_is_none_of_anothers() {
        let tagging = MasterKey::new([1; 32]).tagging(Purpose::RecoveryCodes);
        let digest =
            |member| recovery_digest(&tagging, Uuid::from_u128(member), "7KQ4M2X9DT3VW801");
        assert_ne!(digest(1), digest(2));
    }

    proptest! {
        #[test]
        fn whatever_is_sent_as_a_code_is_read_or_refused(text in ".{0,40}") {
            if let Some(Code::OfApp(digits)) = Code::read(&text) {
                prop_assert_eq!(digits.len(), 6);
            }
        }
    }
}

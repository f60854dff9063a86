//! What of a person is looked for in texts.

use crate::clients::Identity;

/// A name with fewer letters would be found in half of all words.
const SHORTEST: usize = 5;

/// A regular expression, as PostgreSQL reads it, that finds the person's name, address and numbers as
/// whole words; `None` when there is nothing that could be told from other words.
pub(super) fn pattern(identity: &Identity) -> Option<String> {
    let parts = [
        Some(identity.name.as_str()),
        identity.email.as_deref(),
        identity.phone.as_deref(),
        identity.phone_e164.as_deref(),
    ];
    let escaped: Vec<String> = parts
        .into_iter()
        .flatten()
        .map(str::trim)
        .filter(|part| part.chars().count() >= SHORTEST)
        .map(|part| {
            let words: Vec<_> = part.split_whitespace().map(regex::escape).collect();
            words.join(r"\s+")
        })
        .collect();
    (!escaped.is_empty()).then(|| format!(r"(?<!\w)(?:{})(?!\w)", escaped.join("|")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(name: &str, phone: Option<&str>) -> Identity {
        Identity {
            name: name.to_owned(),
            email: Some("mary@mail.example".to_owned()),
            phone: phone.map(str::to_owned),
            phone_e164: None,
            is_held: false,
        }
    }

    #[test]
    fn what_has_a_meaning_in_an_expression_is_escaped() {
        let found = pattern(&identity("Mary  Greene", Some("(303) 555-0147"))).unwrap();
        assert_eq!(
            found,
            r"(?<!\w)(?:Mary\s+Greene|mary@mail\.example|\(303\)\s+555\-0147)(?!\w)"
        );
    }

    #[test]
    fn a_name_that_is_too_short_is_not_looked_for() {
        let one = Identity {
            email: None,
            ..identity("Al", None)
        };
        assert_eq!(pattern(&one), None);
    }
}

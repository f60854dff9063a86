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
    ];
    let mut escaped: Vec<String> = parts
        .into_iter()
        .flatten()
        .map(str::trim)
        .filter(|part| part.chars().count() >= SHORTEST)
        .map(|part| {
            let words: Vec<_> = part.split_whitespace().map(regex::escape).collect();
            words.join(r"\s+")
        })
        .collect();
    escaped.extend(identity.phone_e164.as_deref().and_then(number));
    (!escaped.is_empty()).then(|| format!(r"(?<!\w)(?:{})(?!\w)", escaped.join("|")))
}

/// So many digits at the end tell a number within its area, as people write it among neighbours.
const LOCAL: usize = 7;

/// A number however it is written: with or without country and area, with anything between its digits.
fn number(e164: &str) -> Option<String> {
    const BETWEEN: &str = r"[\s().\-/]*";
    let digits: Vec<char> = e164.chars().filter(char::is_ascii_digit).collect();
    let (distant, local) = digits.split_at_checked(digits.len().checked_sub(LOCAL)?)?;
    let distant: String = distant
        .iter()
        .map(|digit| format!("(?:{digit}{BETWEEN})?"))
        .collect();
    let local: Vec<String> = local.iter().map(char::to_string).collect();
    Some(format!("[(+]*{distant}{}", local.join(BETWEEN)))
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
    fn a_number_is_found_however_it_is_written() {
        let found = regex::Regex::new(&format!("^(?:{})$", number("+13035550147").unwrap()));
        let found = found.unwrap();
        for written in [
            "+13035550147",
            "(303) 555-0147",
            "303.555.0147",
            "1 303 555 0147",
            "555-0147",
            "5550147",
        ] {
            assert!(found.is_match(written), "{written}");
        }
        for other in ["555-0148", "0147", "5 550 147 000"] {
            assert!(!found.is_match(other), "{other}");
        }
        assert_eq!(number("+4711"), None);
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

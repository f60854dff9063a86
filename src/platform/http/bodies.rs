//! Checks bodies against the schemas of the published document, so that what is documented and what
//! is enforced are one thing, and names every bad field at once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::head::with_head;
use crate::platform::error::{ApiResult, Error, FieldError, Problem};
use crate::platform::values::{Country, Currency, EmailAddress, LanguageTag, Period, TimeZone};

/// The most errors that one answer names.
const MOST: usize = 100;

/// What the published document says of requests: the schemas of all bodies, each compiled when it
/// is first needed, and the methods of each address.
pub struct Bodies {
    components: Value,
    addresses: Vec<(ResourceDef, Vec<Method>)>,
    /// Method and pattern, with the names of the query parameters.
    parameters: HashMap<String, Vec<String>>,
    compiled: RwLock<HashMap<String, Arc<Validator>>>,
}

impl Bodies {
    /// From the document.
    pub fn new(document: &Value) -> Self {
        let paths = document
            .get("paths")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let addresses = paths.map(|(path, operations)| {
            let names = operations
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.to_uppercase());
            let methods = names
                .filter_map(|name| Method::from_bytes(name.as_bytes()).ok())
                .flat_map(with_head)
                .collect();
            (ResourceDef::new(path.as_str()), methods)
        });
        Self {
            components: document.get("components").cloned().unwrap_or_default(),
            addresses: addresses.collect(),
            parameters: query_parameters(document),
            compiled: RwLock::default(),
        }
    }

    /// Asks that an operation of the API knows every parameter of its query, that each stands there
    /// once, and that all is UTF-8: whatever is not becomes U+FFFD when it is decoded.
    pub fn check_query(&self, method: &Method, pattern: &str, query: &str) -> ApiResult<()> {
        if query.is_empty() || !pattern.starts_with("/v1/") {
            return Ok(());
        }
        let known = self.parameters.get(&format!("{method} {pattern}"));
        let is_known = |name: &str| known.is_some_and(|known| known.iter().any(|one| one == name));
        let mut seen: Vec<Cow<'_, str>> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let wrong = if !is_known(&name) {
                Some(("unknown", "There is no such parameter."))
            } else if seen.contains(&name) {
                Some(("duplicate", "Send this parameter once."))
            } else if value.contains([char::REPLACEMENT_CHARACTER, '\0']) {
                Some(("text", "A parameter is UTF-8 without a NUL character."))
            } else {
                None
            };
            if let Some((code, detail)) = wrong {
                return Err(Problem::malformed(&name, code, detail).into());
            }
            seen.push(name);
        }
        Ok(())
    }

    /// The methods that an address has; none when there is no such address.
    pub fn methods_at(&self, path: &str) -> Vec<Method> {
        let at = self
            .addresses
            .iter()
            .filter(|(pattern, _)| pattern.is_match(path));
        let mut methods: Vec<Method> = at
            .flat_map(|(_, methods)| methods.iter().cloned())
            .collect();
        // An address may be that of one thing, and look like that of many.
        methods.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        methods.dedup();
        methods
    }

    /// Reads a body that should have the schema of this name.
    ///
    /// # Errors
    /// 400 when it is no JSON or has a key twice; 422 with every field that is not as it should be.
    pub fn read(&self, schema: &str, body: &[u8]) -> ApiResult<Value> {
        let value = parse(body)?;
        let validator = self.validator(schema)?;
        let mut errors = Vec::new();
        find_nul(&value, &mut String::new(), &mut errors);
        for error in validator.iter_errors(&value) {
            explain(&error, &mut errors);
        }
        errors.truncate(MOST);
        if errors.is_empty() {
            Ok(value)
        } else {
            Err(Problem::invalid(errors).into())
        }
    }

    fn validator(&self, schema: &str) -> ApiResult<Arc<Validator>> {
        let known = self
            .compiled
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(schema)
            .cloned();
        if let Some(validator) = known {
            return Ok(validator);
        }
        let whole = serde_json::json!({
            "$ref": format!("#/components/schemas/{schema}"),
            "components": self.components,
        });
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .with_format("email", |text: &str| text.parse::<EmailAddress>().is_ok())
            .with_format("time-zone", |text: &str| text.parse::<TimeZone>().is_ok())
            .with_format("period", |text: &str| text.parse::<Period>().is_ok())
            .with_format("language-tag", |text: &str| {
                text.parse::<LanguageTag>().is_ok()
            })
            .with_format("currency", |text: &str| text.parse::<Currency>().is_ok())
            .with_format("country", |text: &str| text.parse::<Country>().is_ok())
            .build(&whole)
            .map_err(|error| Error::broken(format!("schema {schema}: {error}")))?;
        let validator = Arc::new(validator);
        let mut compiled = self
            .compiled
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        compiled.insert(schema.to_owned(), Arc::clone(&validator));
        Ok(validator)
    }
}

fn query_parameters(document: &Value) -> HashMap<String, Vec<String>> {
    let paths = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let operations = paths.flat_map(|(path, operations)| {
        let operations = operations.as_object().into_iter().flatten();
        operations.map(move |(method, operation)| {
            (format!("{} {path}", method.to_uppercase()), operation)
        })
    });
    operations
        .map(|(operation, about)| {
            let all = about
                .get("parameters")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let in_query = all.filter(|one| one.get("in").is_some_and(|place| place == "query"));
            let names = in_query
                .filter_map(|one| one.get("name").and_then(Value::as_str))
                .map(str::to_owned);
            (operation, names.collect())
        })
        .collect()
}

/// Puts a validator's error into the caller's words; an error of alternatives becomes those of the
/// alternative that came closest.
fn explain(error: &ValidationError<'_>, errors: &mut Vec<FieldError>) {
    let at = error.instance_path().to_string();
    match error.kind() {
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            errors.extend(unexpected.iter().map(|name| {
                FieldError::new(
                    format!("{at}/{}", escape(name)),
                    "unknown",
                    "There is no such field.",
                )
            }));
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            errors.push(FieldError::new(
                format!("{at}/{}", escape(name)),
                "required",
                "This field is required.",
            ));
        }
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => {
            // "Not null" says nothing to someone who sent a value: a branch that has more to say,
            // or fails further inside, came closer.
            let telling = |inner: &&ValidationError<'_>| {
                !matches!(inner.kind(), Kind::Type { .. })
                    || inner.instance_path().to_string() != at
            };
            // A branch whose word of a closed set is another, as the section of a plan, is not the one that was meant.
            let other_word = |inner: &ValidationError<'_>| {
                let place = inner.instance_path().to_string();
                let is_below = place.rsplit_once('/').is_some_and(|(above, _)| above == at);
                matches!(inner.kind(), Kind::Enum { .. } | Kind::Constant { .. }) && is_below
            };
            let depth = |inner: &ValidationError<'_>| inner.instance_path().to_string().len();
            let closest = context.iter().max_by_key(|branch| {
                let meant = !branch.iter().any(other_word);
                let told = branch.iter().any(|inner| telling(&inner));
                (meant, told, branch.iter().map(depth).max().unwrap_or(0))
            });
            let inner = closest.into_iter().flatten().filter(telling);
            let before = errors.len();
            inner.for_each(|inner| explain(inner, errors));
            if errors.len() == before {
                errors.push(plain(error, at));
            }
        }
        Kind::Format { format } => {
            errors.push(FieldError::new(
                at,
                "format",
                format!("This is no valid {}.", format.replace('-', " ")),
            ));
        }
        _ => errors.push(plain(error, at)),
    }
}

fn plain(error: &ValidationError<'_>, at: String) -> FieldError {
    let code = error.kind().keyword().to_owned();
    // The value stands in the message as a rule; it may be a name or a password, so it is masked.
    FieldError {
        pointer: at,
        code: Cow::Owned(code),
        detail: error.masked().to_string(),
    }
}

/// RFC 6901, 3.
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// PostgreSQL keeps no NUL in text.
fn find_nul(value: &Value, at: &mut String, errors: &mut Vec<FieldError>) {
    match value {
        Value::String(text) if text.contains('\0') => {
            errors.push(FieldError::new(
                at.clone(),
                "nul",
                "A text can't have a NUL character.",
            ));
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                below(at, &place.to_string(), |at| find_nul(item, at, errors));
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                if name.contains('\0') {
                    errors.push(FieldError::new(
                        at.clone(),
                        "nul",
                        "A name can't have a NUL character.",
                    ));
                }
                below(at, &escape(name), |at| find_nul(field, at, errors));
            }
        }
        _ => {}
    }
}

fn below(at: &mut String, name: &str, look: impl FnOnce(&mut String)) {
    let length = at.len();
    at.push('/');
    at.push_str(name);
    look(at);
    at.truncate(length);
}

fn parse(body: &[u8]) -> Result<Value, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = Strict
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| Problem::malformed("", "json", error.to_string()))
}

/// 2^53: up to here every whole number is exact in 64 bits of floating point.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads JSON as serde_json does, but refuses a key that stands twice: which of the two counts is
/// not defined (RFC 8259, 4), and two readers may differ.
#[derive(Clone, Copy)]
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    /// To JSON Schema 3957.0 is an integer (2020-12, 4.2.3), so it is read as one.
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        let is_whole = value.fract() == 0.0 && value.abs() <= MOST_EXACT;
        let whole = is_whole.then(|| format!("{value:.0}").parse::<i64>().ok());
        Ok(whole.flatten().map_or_else(|| value.into(), Value::from))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(Strict)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            let value = fields.next_value_seed(Strict)?;
            if object.insert(name, value).is_some() {
                return Err(serde::de::Error::custom("a key stands in an object twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies() -> Bodies {
        Bodies::new(&serde_json::json!({"components": {"schemas": {
            "Party": {
                "type": "object", "required": ["name"], "additionalProperties": false,
                "properties": {
                    "name": {"type": "string", "maxLength": 5},
                    "email": {"type": ["string", "null"], "format": "email"},
                    "lead": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Party"}]},
                    "pet": {"oneOf": [
                        {"type": "object", "required": ["kind", "ears"], "additionalProperties": false,
                         "properties": {"kind": {"enum": ["hare"]}, "ears": {"type": "integer"}}},
                        {"type": "object", "required": ["kind", "scales"], "additionalProperties": false,
                         "properties": {"kind": {"enum": ["carp"]}, "scales": {"type": "integer"}}},
                    ]},
                },
            },
        }}}))
    }

    fn errors(body: &str) -> Vec<(String, String)> {
        match bodies().read("Party", body.as_bytes()) {
            Err(Error::Problem(problem)) => {
                let answer = format!("{problem:?}");
                assert!(!answer.contains("secret"), "{answer}");
                problem.errors_for_tests()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_bad_field_is_named_at_once() {
        let mut found = errors(
            r#"{"name": "secret", "email": "x", "a/b": 1, "lead": {"email": 1, "name": "x"}}"#,
        );
        found.sort();
        let expected = [
            ("/a~1b", "unknown"),
            ("/email", "format"),
            ("/lead/email", "type"),
            ("/name", "maxLength"),
        ];
        assert_eq!(
            found,
            expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
        );
    }

    #[test]
    fn of_alternatives_the_one_that_was_meant_is_complained_of() {
        let complaint = |body: &str| errors(&format!(r#"{{"name": "x", "pet": {body}}}"#));
        let told = |at: &str, code: &str| vec![(at.to_owned(), code.to_owned())];
        assert_eq!(
            complaint(r#"{"kind": "carp"}"#),
            told("/pet/scales", "required")
        );
        assert_eq!(
            complaint(r#"{"kind": "hare"}"#),
            told("/pet/ears", "required")
        );
        assert_eq!(
            complaint(r#"{"kind": "carp", "scales": 1, "fur": 1}"#),
            told("/pet/fur", "unknown")
        );
    }

    #[test]
    fn a_key_that_stands_twice_and_a_nul_are_refused() {
        assert_eq!(
            errors(r#"{"name": "a", "name": "b"}"#),
            [(String::new(), "json".to_owned())]
        );
        assert_eq!(
            errors(r#"{"name": "a\u0000"}"#),
            [("/name".to_owned(), "nul".to_owned())]
        );
        assert_eq!(
            errors(r#"{"name": "a"} x"#),
            [(String::new(), "json".to_owned())]
        );
    }
}

//! The published document as the tests read it: its operations, and whether an answer is one that it
//! promises.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use jsonschema::Validator;
use quid::platform::error::PROBLEM_TYPES;
use quid::platform::values::{Country, Currency, EmailAddress, TimeZone};
use serde_json::{Value, json};

use crate::support::Answer;

/// One operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// `GET`, `POST` …
    pub method: String,
    /// Its path, with the parameters in braces.
    pub path: String,
    /// All that the document says of it.
    pub value: Value,
}

impl Operation {
    /// Whether it asks for a token.
    pub fn is_secured(&self) -> bool {
        self.value["security"]
            .as_array()
            .is_some_and(|ways| !ways.is_empty())
    }

    /// Whether it changes what two people can edit, and so asks for `If-Match`.
    pub fn is_guarded(&self) -> bool {
        let is_own = self.path.contains("/by-external-id/");
        self.method == "PATCH" || (self.method == "PUT" && !is_own)
    }

    /// The name of its JSON body's schema.
    pub fn json_body(&self) -> Option<&str> {
        let schema = self
            .value
            .pointer("/requestBody/content/application~1json/schema/$ref")?;
        schema.as_str()?.rsplit('/').next()
    }

    /// The parameters, with references followed.
    pub fn parameters(&self, document: &Value) -> Vec<Value> {
        let list = self.value["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        list.into_iter()
            .map(|one| followed(document, &one).clone())
            .collect()
    }

    /// The names of the parameters that stand in a place: `path`, `query` or `header`.
    pub fn parameter_names(&self, document: &Value, place: &str) -> Vec<String> {
        let all = self.parameters(document);
        let there = all.iter().filter(|one| one["in"] == place);
        there
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Whether it answers pages of a list.
    pub fn is_list(&self, document: &Value) -> bool {
        self.parameter_names(document, "query")
            .iter()
            .any(|name| name == "limit")
    }

    /// Whether it answers with JSON when all goes well.
    pub fn answers_json(&self) -> bool {
        self.value
            .pointer("/responses/200/content/application~1json")
            .is_some()
    }
}

/// What a `$ref` points to; the value itself when it is none.
pub fn followed<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(path) => document
            .pointer(path.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{path} leads nowhere")),
        None => value,
    }
}

/// All operations of a document.
pub fn operations(document: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, value) in methods.as_object().unwrap() {
            all.push(Operation {
                id: value["operationId"].as_str().unwrap_or_default().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                value: value.clone(),
            });
        }
    }
    all
}

/// A validator of a schema that may refer to the components.
pub fn validator(schema: &Value, components: &Value) -> Validator {
    let whole = json!({"allOf": [schema], "components": components});
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .with_format("email", |text: &str| text.parse::<EmailAddress>().is_ok())
        .with_format("time-zone", |text: &str| text.parse::<TimeZone>().is_ok())
        .with_format("currency", |text: &str| text.parse::<Currency>().is_ok())
        .with_format("country", |text: &str| text.parse::<Country>().is_ok())
        .build(&whole)
        .unwrap_or_else(|error| panic!("no schema: {error}: {schema}"))
}

/// The document, and what was compiled of it.
pub struct Documented {
    pub document: Value,
    /// The components, with every object closed: an answer must have no field that is not documented.
    closed: Value,
    compiled: RefCell<HashMap<String, Validator>>,
    host: String,
}

fn close(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.contains_key("properties")
                && map.get("type").is_some_and(|kind| kind != "string")
            {
                map.entry("additionalProperties").or_insert(json!(false));
            }
            map.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

impl Documented {
    /// The document as the code makes it.
    pub fn new() -> Self {
        let document = quid::routes::document();
        let mut closed = document["components"].clone();
        close(&mut closed);
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        Self {
            document,
            closed,
            compiled: RefCell::default(),
            host: host.trim().to_owned(),
        }
    }

    /// All operations.
    pub fn operations(&self) -> Vec<Operation> {
        operations(&self.document)
    }

    /// One operation.
    pub fn operation(&self, id: &str) -> Operation {
        let found = self
            .operations()
            .into_iter()
            .find(|operation| operation.id == id);
        found.unwrap_or_else(|| panic!("the document has no operation {id}"))
    }

    /// What is wrong with an answer of an operation: a status, header, type or field that the document
    /// does not promise, or one that it does and that is not there.
    pub fn complaints(&self, operation: &Operation, answer: &Answer) -> Vec<String> {
        let status = answer.status.as_u16();
        let mut found = Vec::new();
        if answer.header("x-request-id").is_empty() {
            found.push("there is no X-Request-Id".to_owned());
        }
        found.extend(self.leaks(answer));
        if status == 304 {
            return found;
        }
        let Some(response) = operation.value["responses"].get(status.to_string()) else {
            found.push(format!("the status {status} is not documented"));
            return found;
        };
        for name in response["headers"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
        {
            if answer.header(&name.to_lowercase()).is_empty() {
                found.push(format!(
                    "{status} promises the header {name}, which is not there"
                ));
            }
        }
        found.extend(self.body_complaints(operation, response, answer));
        found
    }

    fn body_complaints(
        &self,
        operation: &Operation,
        response: &Value,
        answer: &Answer,
    ) -> Vec<String> {
        let status = answer.status.as_u16();
        let Some(content) = response.get("content").and_then(Value::as_object) else {
            let empty = answer.bytes.is_empty();
            return if empty {
                Vec::new()
            } else {
                vec![format!("{status} promises no body, and there is one")]
            };
        };
        let kind = answer
            .header("content-type")
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned();
        let Some(documented) = content.get(&kind) else {
            let kinds: Vec<_> = content.keys().map(String::as_str).collect();
            return vec![format!(
                "{status} promises {}, and {kind:?} came",
                kinds.join(" or ")
            )];
        };
        let mut found = Vec::new();
        if kind == "application/problem+json" {
            found.extend(problem_complaints(answer));
        }
        if kind.ends_with("json") {
            let body = answer.json();
            let mut compiled = self.compiled.borrow_mut();
            let key = format!("{} {status} {kind}", operation.id);
            let validator = compiled.entry(key).or_insert_with(|| {
                let mut schema = documented["schema"].clone();
                close(&mut schema);
                validator(&schema, &self.closed)
            });
            found.extend(validator.iter_errors(&body).map(|error| {
                format!(
                    "{status} at {:?}: {error}",
                    error.instance_path().to_string()
                )
            }));
        }
        found
    }

    /// What an error may never tell: a stack, a query, a constraint, a host.
    fn leaks(&self, answer: &Answer) -> Vec<String> {
        if answer.status.is_success() || answer.status.as_u16() == 304 {
            return Vec::new();
        }
        let text = answer.text();
        let secrets = [
            "panicked",
            "backtrace",
            ".rs:",
            "src/",
            "SELECT ",
            "INSERT ",
            "UPDATE ",
            "DELETE FROM",
            "diesel",
            "postgres",
            "PostgreSQL",
            "pg_",
            "tokio",
            "actix",
            "127.0.0.1",
            "localhost",
            "quid.test",
            "_pkey",
            "_fkey",
            "_check",
            "_key",
            "_excl",
        ];
        let host = Some(self.host.as_str()).filter(|host| host.len() > 5);
        let told = secrets
            .into_iter()
            .chain(host)
            .filter(|secret| text.contains(secret));
        told.map(|secret| format!("the error tells {secret:?}: {text}"))
            .collect()
    }
}

/// Whether a problem has the form of RFC 9457 as every operation has it.
fn problem_complaints(answer: &Answer) -> Vec<String> {
    let (body, mut found) = (answer.json(), Vec::new());
    let status = answer.status.as_u16();
    if body["status"] != json!(status) {
        found.push(format!(
            "the problem says {}, the status is {status}",
            body["status"]
        ));
    }
    if body["request_id"] != json!(answer.header("x-request-id")) {
        found.push(format!(
            "the problem's request_id {} is not that of the header",
            body["request_id"]
        ));
    }
    let known: HashSet<String> = PROBLEM_TYPES
        .iter()
        .map(|kind| format!("/problems/{} {}", kind.slug, kind.status.as_u16()))
        .collect();
    let told = format!("{} {status}", body["type"].as_str().unwrap_or_default());
    if !known.contains(&told) {
        found.push(format!("there is no such problem: {told}"));
    }
    if status == 422
        && told.contains("invalid-fields")
        && body["errors"].as_array().is_none_or(Vec::is_empty)
    {
        found.push("a 422 about fields names none".to_owned());
    }
    found
}

//! What the published document must say of every schema and field.

use std::collections::BTreeSet;

use serde_json::Value;

use super::document::{check_example, document, each, is_snake, schemas, unless};
use super::documented::{Operation, followed, operations};
use super::nothing;

/// RFC 6749 asks a token endpoint to ignore what it does not know.
const OPEN_SCHEMAS: &[&str] = &["TokenRequest"];

#[test]
fn every_schema_and_field_is_explained() {
    let document = document();
    let mut found = Vec::new();
    for (name, schema) in schemas(&document) {
        let explained = |value: &Value| {
            let branches = value["oneOf"].as_array().cloned().unwrap_or_default();
            let own = value["description"]
                .as_str()
                .or_else(|| branches.iter().find_map(|one| one["description"].as_str()));
            own.is_some_and(|text| !text.trim().is_empty())
        };
        found.extend(unless(explained(schema), name.clone()));
        for (field, value) in schema["properties"].as_object().into_iter().flatten() {
            found.extend(unless(explained(value), format!("{name}.{field}")));
        }
        // Links of rustdoc and names of Rust mean nothing to who reads the document.
        let text = schema["description"].as_str().unwrap_or_default();
        found.extend(unless(
            !text.contains("[`") && !text.contains("::"),
            format!("{name} is explained in Rust: {text}"),
        ));
    }
    nothing(
        &found,
        "a description, for whoever calls the API, of every schema and field",
    );
}

#[test]
fn every_word_of_a_closed_set_is_as_it_stands_on_the_wire() {
    let document = document();
    let mut found = Vec::new();
    for (name, schema) in schemas(&document) {
        for word in schema["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            found.extend(unless(
                is_snake(&word.replace(['-', ':'], "_")),
                format!("{name}: {word}"),
            ));
        }
    }
    nothing(&found, "words in snake_case, or scopes");
}

/// Every schema within this one, with where it stands; references are not followed.
fn inner<'a>(schema: &'a Value, place: &str, found: &mut Vec<(String, &'a Value)>) {
    found.push((place.to_owned(), schema));
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        inner(field, &format!("{place}.{name}"), found);
    }
    for name in ["items", "additionalProperties", "propertyNames"] {
        if schema.get(name).is_some_and(Value::is_object) {
            inner(&schema[name], &format!("{place}.{name}"), found);
        }
    }
    for name in ["oneOf", "anyOf", "allOf"] {
        for branch in schema[name].as_array().into_iter().flatten() {
            inner(branch, place, found);
        }
    }
}

#[test]
fn every_example_of_a_schema_or_field_is_valid() {
    let document = document();
    let mut found = Vec::new();
    for (name, schema) in schemas(&document) {
        let mut all = Vec::new();
        inner(schema, name, &mut all);
        for (place, schema) in all {
            let several = schema["examples"].as_array().cloned().unwrap_or_default();
            for example in several.iter().chain(schema.get("example")) {
                found.extend(check_example(&document, schema, example, &place));
            }
            if let Some(default) = schema.get("default") {
                found.extend(check_example(
                    &document,
                    schema,
                    default,
                    &format!("the default of {place}"),
                ));
            }
        }
    }
    nothing(&found, "examples that validate");
}

/// The names of the schemas that a part of the document uses, directly or through others.
fn used(document: &Value, part: &Value, names: &mut BTreeSet<String>) {
    match part {
        Value::Object(map) => {
            if let Some(name) = map
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|path| path.strip_prefix("#/components/schemas/"))
                && names.insert(name.to_owned())
            {
                used(document, &schemas(document)[name], names);
            }
            map.values().for_each(|inner| used(document, inner, names));
        }
        Value::Array(items) => items.iter().for_each(|inner| used(document, inner, names)),
        _ => {}
    }
}

fn used_in(document: &Value, part: impl Fn(&Operation) -> Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    operations(document)
        .iter()
        .for_each(|operation| used(document, &part(operation), &mut names));
    names
}

fn is_of(schema: &Value, kind: &str) -> bool {
    match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(several) => several.iter().any(|one| one == kind),
        _ => false,
    }
}

/// What is not bounded in a schema of something that comes in.
fn unbounded(schema: &Value, place: &str) -> Vec<String> {
    let has = |name: &str| schema.get(name).is_some();
    let mut found = Vec::new();
    // These formats have a longest text.
    let short = ["date", "date-time", "uuid", "country", "currency"];
    let is_short = schema["format"]
        .as_str()
        .is_some_and(|format| short.contains(&format));
    let is_name = place.ends_with(".propertyNames") && has("pattern");
    if is_of(schema, "string")
        && !(has("maxLength") || has("enum") || has("const") || is_short || is_name)
    {
        found.push(format!(
            "{place}: a text without maxLength, enum or a format of one length"
        ));
    }
    if is_of(schema, "array") && !has("maxItems") {
        found.push(format!("{place}: an array without maxItems"));
    }
    if is_of(schema, "object") {
        let open = OPEN_SCHEMAS.contains(&place);
        let map = schema["additionalProperties"].is_object()
            && has("maxProperties")
            && has("propertyNames");
        let closed = schema["additionalProperties"] == false;
        if !(closed || map || open) {
            found.push(format!(
                "{place}: an object that is neither closed nor a bounded map"
            ));
        }
    }
    if !["type", "$ref", "oneOf", "anyOf", "allOf", "enum", "const"]
        .iter()
        .any(|name| has(name))
    {
        found.push(format!("{place}: anything at all"));
    }
    found
}

#[test]
fn everything_that_comes_in_is_bounded() {
    let document = document();
    let bodies = used_in(&document, |operation| {
        operation.value["requestBody"].clone()
    });
    let mut found = Vec::new();
    for name in &bodies {
        let mut all = Vec::new();
        inner(&schemas(&document)[name], name, &mut all);
        found.extend(
            all.into_iter()
                .flat_map(|(place, schema)| unbounded(schema, &place)),
        );
    }
    for operation in operations(&document) {
        for parameter in operation.parameters(&document) {
            let place = format!("{}: {}", operation.id, parameter["name"]);
            let mut all = Vec::new();
            inner(followed(&document, &parameter["schema"]), &place, &mut all);
            found.extend(
                all.into_iter()
                    .flat_map(|(place, schema)| unbounded(schema, &place)),
            );
        }
    }
    nothing(&found, "bounds on everything that comes in");
}

#[test]
fn a_field_of_a_resource_is_always_there() {
    let document = document();
    let answers = used_in(&document, |operation| operation.value["responses"].clone());
    let mut found = Vec::new();
    for name in answers.iter().filter(|name| *name != "Problem") {
        let schema = &schemas(&document)[name.as_str()];
        let required: Vec<_> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let fields = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(field, _)| field);
        found.extend(
            fields
                .filter(|field| !required.contains(&field.as_str()))
                .map(|field| format!("{name}.{field}"))
                // RFC 6749, 5.1: a grant without a refresh token leaves it out.
                .filter(|field| field != "TokenAnswer.refresh_token"),
        );
    }
    nothing(
        &found,
        "every field of a resource required, `null` when empty",
    );
}

#[test]
fn a_patch_requires_no_field() {
    each("an empty patch that is valid", |document, operation| {
        let Some(name) = operation
            .json_body()
            .filter(|_| operation.method == "PATCH")
        else {
            return Vec::new();
        };
        let schema = &schemas(document)[name];
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        unless(required.is_empty(), format!("{name} requires {required:?}"))
    });
}

#[test]
fn fields_are_snake_case_and_their_ends_tell_instants_dates_and_ids() {
    let document = document();
    let mut found = Vec::new();
    for (name, schema) in schemas(&document) {
        let mut all = Vec::new();
        inner(schema, name, &mut all);
        for (place, schema) in all {
            for (field, value) in schema["properties"].as_object().into_iter().flatten() {
                let place = format!("{place}.{field}");
                found.extend(unless(
                    is_snake(field),
                    format!("{place} is not in snake_case"),
                ));
                let branches = value["oneOf"].as_array().cloned().unwrap_or_default();
                let own = branches
                    .iter()
                    .find(|one| one["type"] != "null")
                    .unwrap_or(value);
                let format = followed(&document, own)["format"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned();
                for (end, kind) in [("_at", "date-time"), ("_on", "date")] {
                    let holds = field.ends_with(end) == (format == kind);
                    found.extend(unless(holds, format!("{place} has the format {format:?}: what is a {kind}, and nothing else, ends in {end}")));
                }
                let is_id = field == "id" || field.ends_with("_id");
                let outside = name.starts_with("Token")
                    || ["request_id", "external_id"].contains(&field.as_str());
                found.extend(unless(
                    !is_id || outside || format == "uuid",
                    format!("{place} is an id, and no uuid"),
                ));
            }
        }
    }
    nothing(&found, "snake_case; `*_at` date-time, `*_on` date");
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    let document = document();
    let text = document.to_string();
    let mut found = Vec::new();
    for part in text.split("\"$ref\":\"").skip(1) {
        let path = part.split('"').next().unwrap_or_default();
        found.extend(unless(
            document.pointer(path.trim_start_matches('#')).is_some(),
            format!("{path} leads nowhere"),
        ));
    }
    for name in schemas(&document).keys() {
        let reference = format!("\"#/components/schemas/{name}\"");
        found.extend(unless(
            text.contains(&reference),
            format!("nothing uses {name}"),
        ));
    }
    nothing(
        &found,
        "references that lead somewhere, schemas that are used",
    );
}

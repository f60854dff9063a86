//! The published document and the code it comes from: one type for each name, and the committed file
//! as the code says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::document::{document, schemas};
use super::nothing;

/// The names under which the types of a file are published.
fn published(source: &str) -> Vec<String> {
    let file = syn::parse_file(source).unwrap();
    let mut names = Vec::new();
    for item in &file.items {
        match item {
            syn::Item::Struct(item) => names.extend(published_name(&item.ident, &item.attrs)),
            syn::Item::Enum(item) => names.extend(published_name(&item.ident, &item.attrs)),
            syn::Item::Macro(item) => {
                let kind = item.mac.path.segments.last().unwrap().ident.to_string();
                let tokens: Vec<String> = item
                    .mac
                    .tokens
                    .clone()
                    .into_iter()
                    .map(|token| token.to_string())
                    .collect();
                let declared = tokens
                    .iter()
                    .position(|token| token == "enum")
                    .and_then(|at| tokens.get(at + 1));
                match kind.as_str() {
                    "words" => names.extend(declared.cloned()),
                    "page" => names.extend(tokens.first().cloned()),
                    "text_value" => names.extend(
                        tokens
                            .iter()
                            .find(|token| token.starts_with(char::is_uppercase))
                            .cloned(),
                    ),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    names
}

fn published_name(ident: &syn::Ident, attributes: &[syn::Attribute]) -> Option<String> {
    let has = |name: &str| {
        attributes
            .iter()
            .filter(|one| one.path().is_ident(name))
            .map(|one| match &one.meta {
                syn::Meta::List(list) => list.tokens.to_string(),
                _ => String::new(),
            })
            .collect::<Vec<_>>()
            .join(" , ")
    };
    if !has("derive").contains("ToSchema") {
        return None;
    }
    let renamed = has("schema");
    let other = renamed
        .split(',')
        .map(str::trim)
        .find_map(|part| part.strip_prefix("as = "));
    Some(other.map_or_else(
        || ident.to_string(),
        |name| name.split_whitespace().next().unwrap().to_owned(),
    ))
}

fn sources(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_two_types_are_published_under_one_name() {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        let names = published(&std::fs::read_to_string(&file).unwrap());
        for name in names {
            places
                .entry(name)
                .or_default()
                .push(file.display().to_string());
        }
    }
    let document = document();
    let published: Vec<_> = schemas(&document).keys().collect();
    let unknown = published
        .iter()
        .filter(|name| !places.contains_key(name.as_str()));
    let mut found: Vec<_> = unknown
        .map(|name| format!("{name} is published, and this test found no type of that name"))
        .collect();
    let doubled = places
        .iter()
        .filter(|(name, places)| places.len() > 1 && published.contains(name));
    found.extend(
        doubled
            .map(|(name, places)| format!("{name} overwrites another: {}", places.join(" and "))),
    );
    nothing(
        &found,
        "one type for each name: the later one takes the place of the earlier without a word",
    );
}

#[test]
fn the_names_of_published_types_are_found() {
    let source = r#"
        #[derive(Debug, ToSchema)] pub struct One { a: String }
        #[derive(Debug, utoipa::ToSchema)] #[schema(as = Two, example = 1)] pub enum Other { A }
        #[derive(Debug)] struct Private;
        crate::words! { /// Three.
            pub enum Three { A = "a" } }
        page!(Four, One, "A page.");
        text_value! { /// Five.
            #[schema(value_type = String)] Five, |text| Ok(text) }
    "#;
    let names = published(source);
    assert!(
        ["One", "Two", "Three", "Four"]
            .iter()
            .all(|name| names.iter().any(|one| one == name)),
        "{names:?}"
    );
    assert!(names.iter().any(|one| one == "Five"), "{names:?}");
}

#[test]
fn the_committed_document_is_that_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json");
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let made = document();
    let mut found = Vec::new();
    differences(&committed, &made, "", &mut found);
    found.truncate(20);
    nothing(
        &found,
        "openapi/openapi.json is not what the code says: run `make openapi`",
    );
}

fn differences(one: &Value, other: &Value, place: &str, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let names: BTreeSet<_> = one.keys().chain(other.keys()).collect();
            for name in names {
                let (one, other) = (
                    one.get(name).unwrap_or(&Value::Null),
                    other.get(name).unwrap_or(&Value::Null),
                );
                differences(one, other, &format!("{place}/{name}"), found);
            }
        }
        _ if one != other => {
            let short = |value: &Value| value.to_string().chars().take(80).collect::<String>();
            found.push(format!(
                "{place}: {} in the file, {} in the code",
                short(one),
                short(other)
            ));
        }
        _ => {}
    }
}

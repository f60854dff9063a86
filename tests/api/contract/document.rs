//! What the published document must say of every operation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::documented::{Operation, followed, operations, validator};
use super::nothing;

/// The operations that ask for no token. Whoever adds one says here why everyone may.
const PUBLIC: &[&str] = &[
    // Coming in: with a token that came by mail, or to ask for one.
    "request_sign_up",
    "sign_up_firm",
    "accept_member_invitation",
    "request_password_reset",
    "use_password_reset",
    "sign_in",
    "issue_token",
    // What others check tokens and configure themselves by.
    "get_jwks",
    "get_authorization_server_metadata",
    // For calendar programs, which send no token: the address is the secret.
    "read_calendar",
    // For whoever runs the service; and pages that explain.
    "get_health",
    "get_readiness",
    "list_problems",
    "get_problem",
];

/// The words that an `operationId` may begin with.
const VERBS: &[&str] = &[
    "accept",
    "activate",
    "add",
    "agree",
    "apply",
    "archive",
    "begin",
    "cancel",
    "change",
    "close",
    "cascade",
    "compare",
    "complete",
    "confirm",
    "correct",
    "create",
    "deactivate",
    "decide",
    "decline",
    "delete",
    "end",
    "enrol",
    "erase",
    "get",
    "hold",
    "issue",
    "link",
    "list",
    "move",
    "offer",
    "patch",
    "pause",
    "preview",
    "put",
    "propose",
    "put",
    "reactivate",
    "read",
    "record",
    "release",
    "remove",
    "renew",
    "reopen",
    "request",
    "reschedule",
    "resolve",
    "resume",
    "revoke",
    "sign",
    "skip",
    "undo",
    "unlink",
    "upsert",
    "use",
    "waive",
    "withdraw",
];

/// Parts of paths that name one thing, of which the caller has no other.
const SINGULAR: &[&str] = &[
    "action-step-evidence",
    "second-factor",
    "firm",
    "me",
    "current",
    "timeline",
    "calendar-feed",
    "today",
    "forecast",
    "promises",
    "predecessors",
    "cascade-preview",
    "playbook-preview",
    "work-calendar",
    "pipeline",
    "reciprocity",
    "results",
    "vitality",
    "plan",
    "comparison",
    "fit",
    "token",
    "lead",
    "whom-to-call",
    "history",
    "evidence",
    "note",
    "agenda",
];

/// Hands out a secret, which is not kept, so that it can't be told again; or makes nothing; or leaves
/// nobody to ask again.
pub(super) const NOT_REPEATABLE: &[&str] = &[
    "create_api_client",
    "close_firm",
    "change_password",
    "enrol_second_factor",
    "confirm_second_factor",
    "renew_recovery_codes",
    "remove_second_factor",
    "end_other_sessions",
    "create_calendar_feed",
];

pub(super) fn document() -> Value {
    quid::routes::document()
}

pub(super) fn schemas(document: &Value) -> &Map<String, Value> {
    document["components"]["schemas"].as_object().unwrap()
}

/// Applies a check to every operation and fails with all that it finds.
#[track_caller]
pub(super) fn each(asked: &str, check: impl Fn(&Value, &Operation) -> Vec<String>) {
    let document = document();
    let mut found = Vec::new();
    for operation in operations(&document) {
        let here = check(&document, &operation);
        found.extend(here.into_iter().map(|what| {
            format!(
                "{} {} ({}): {what}",
                operation.method, operation.path, operation.id
            )
        }));
    }
    nothing(&found, asked);
}

pub(super) fn unless(holds: bool, what: impl Into<String>) -> Vec<String> {
    if holds { Vec::new() } else { vec![what.into()] }
}

pub(super) fn is_snake(name: &str) -> bool {
    let letters = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    letters
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.contains("__")
        && !name.ends_with('_')
}

#[test]
fn every_operation_is_named_by_a_verb_and_a_noun_and_by_no_other() {
    let document = document();
    let mut names = BTreeMap::new();
    for operation in operations(&document) {
        *names.entry(operation.id).or_insert(0) += 1;
    }
    each("a verb and a noun, in snake_case, once", |_, operation| {
        let id = &operation.id;
        let (verb, noun) = id.split_once('_').unwrap_or((id, ""));
        let mut found = unless(
            is_snake(id) && !noun.is_empty(),
            "its operationId is no verb_noun",
        );
        found.extend(unless(
            VERBS.contains(&verb),
            format!("{verb:?} is not among VERBS; add it there if it is one"),
        ));
        found.extend(unless(
            names[id] == 1,
            "another operation has the same operationId",
        ));
        found
    });
}

#[test]
fn every_operation_is_explained() {
    each(
        "a summary, a description and a declared tag",
        |document, operation| {
            let declared: Vec<_> = document["tags"]
                .as_array()
                .unwrap()
                .iter()
                .map(|tag| &tag["name"])
                .collect();
            let text = |name: &str| {
                operation.value[name]
                    .as_str()
                    .unwrap_or_default()
                    .trim()
                    .to_owned()
            };
            let tags = operation.value["tags"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let mut found = unless(!text("summary").is_empty(), "has no summary");
            found.extend(unless(
                text("summary").len() <= 80 && !text("summary").contains('\n'),
                "its summary is no short line",
            ));
            found.extend(unless(
                !text("description").is_empty(),
                "has no description",
            ));
            found.extend(unless(
                tags.len() == 1 && declared.contains(&&tags[0]),
                "has no tag, or one that is not declared",
            ));
            for parameter in operation.parameters(document) {
                let explained = parameter["description"]
                    .as_str()
                    .is_some_and(|text| !text.trim().is_empty());
                found.extend(unless(
                    explained,
                    format!("its parameter {} has no description", parameter["name"]),
                ));
            }
            found
        },
    );
}

/// Whether how often one may ask is limited.
fn is_limited(operation: &Operation) -> bool {
    operation.path.starts_with("/v1/") || operation.path.starts_with("/oauth/")
}

/// The statuses that an operation must document, by what it is; from the conventions of the API.
fn conventional(document: &Value, operation: &Operation) -> BTreeSet<&'static str> {
    let mut statuses = BTreeSet::from(["500", "503"]);
    // What has neither parameters nor a body can't be malformed.
    if operation.path.starts_with("/v1") || operation.value.get("requestBody").is_some() {
        statuses.insert("400");
    }
    let is_write = matches!(operation.method.as_str(), "POST" | "PUT" | "PATCH");
    if is_limited(operation) {
        statuses.insert("429");
    }
    if operation.is_secured() {
        statuses.extend(["401", "403"]);
        statuses.extend(is_write.then_some("409"));
    }
    if !operation.parameter_names(document, "path").is_empty() {
        statuses.insert("404");
    }
    if operation.value.get("requestBody").is_some() {
        statuses.extend(["408", "413", "415", "422"]);
    }
    if operation
        .parameter_names(document, "header")
        .iter()
        .any(|name| name == "Idempotency-Key")
    {
        statuses.extend(["409", "422"]);
    }
    if operation.is_guarded() {
        statuses.insert("428");
    }
    let headers = operation.parameter_names(document, "header");
    if headers.iter().any(|name| name == "If-Match") {
        statuses.insert("412");
    }
    statuses
}

#[test]
fn every_operation_documents_the_problems_that_it_can_answer_with() {
    each("every status by the convention", |document, operation| {
        let responses = operation.value["responses"].as_object().unwrap();
        let mut found = unless(
            responses.keys().any(|status| status.starts_with('2')),
            "no 2xx",
        );
        for status in conventional(document, operation) {
            found.extend(unless(
                responses.contains_key(status),
                format!("no {status}"),
            ));
        }
        for (status, response) in responses {
            let is_error = status.starts_with(['4', '5']);
            let explained = response["description"]
                .as_str()
                .is_some_and(|text| !text.trim().is_empty());
            found.extend(unless(explained, format!("{status} has no description")));
            found.extend(unless(
                response["headers"].get("X-Request-Id").is_some(),
                format!("{status} has no X-Request-Id"),
            ));
            // The token endpoint speaks RFC 6749 where that says how.
            let by_oauth =
                operation.id == "issue_token" && matches!(status.as_str(), "400" | "401");
            let content = response["content"].as_object().cloned().unwrap_or_default();
            if is_error && !by_oauth {
                let reference = &content
                    .get("application/problem+json")
                    .unwrap_or(&Value::Null)["schema"]["$ref"];
                let is_problem = content.len() == 1 && reference == "#/components/schemas/Problem";
                found.extend(unless(
                    is_problem,
                    format!("{status} is no application/problem+json"),
                ));
            }
            let has = |name: &str| response["headers"].get(name).is_some();
            found.extend(unless(
                status != "401" || has("WWW-Authenticate"),
                "401 has no WWW-Authenticate",
            ));
            found.extend(unless(
                !matches!(status.as_str(), "429" | "503") || has("Retry-After"),
                format!("{status} has no Retry-After"),
            ));
            for name in ["RateLimit", "RateLimit-Policy"] {
                found.extend(unless(
                    is_limited(operation) == has(name),
                    format!("{status} has {name} where it should not be, or the reverse"),
                ));
            }
            found.extend(unless(
                status != "412" || has("ETag"),
                "412 has no ETag, which tells the present one",
            ));
            // Secrets are neither cached nor compared, and a session has no address.
            let is_tagged = operation.is_secured() && content.contains_key("application/json");
            let makes = operation.is_secured() && !NOT_REPEATABLE.contains(&operation.id.as_str());
            found.extend(unless(
                status != "200" || !is_tagged || !makes || has("ETag"),
                "200 has no ETag",
            ));
            found.extend(unless(
                status != "201" || !makes || has("Location"),
                "201 has no Location",
            ));
        }
        found
    });
}

#[test]
fn every_operation_says_who_may_or_is_among_the_public_ones() {
    each(
        "person, machine with one known scope, or public by the list",
        |document, operation| {
            let is_public = PUBLIC.contains(&operation.id.as_str());
            if !operation.is_secured() {
                return unless(is_public, "asks for no token and is not among PUBLIC");
            }
            let security = operation.value["security"].as_array().unwrap();
            let mut found = unless(!is_public, "asks for a token and is among PUBLIC");
            let known = &document["components"]["securitySchemes"]["machine"]["flows"]["clientCredentials"]
                ["scopes"];
            for way in security {
                match way.as_object().unwrap().iter().next() {
                    Some((name, scopes)) if name == "person" => {
                        found.extend(unless(
                            scopes.as_array().is_some_and(Vec::is_empty),
                            "a person has no scopes",
                        ));
                    }
                    Some((name, scopes)) if name == "machine" => {
                        let scopes = scopes.as_array().unwrap();
                        let is_known =
                            scopes.len() == 1 && known.get(scopes[0].as_str().unwrap()).is_some();
                        found.extend(unless(
                            is_known,
                            format!("{scopes:?} is not one known scope"),
                        ));
                    }
                    _ => found.push(format!("an unknown way: {way}")),
                }
            }
            let people = security.iter().any(|way| way.get("person").is_some());
            found.extend(unless(people, "no person may"));
            // Reads are for the `:read` scope and writes for the `:write` scope of one thing.
            let machine = security
                .iter()
                .find_map(|way| way.get("machine"))
                .and_then(|scopes| scopes[0].as_str());
            let kind = if operation.method == "GET" {
                ":read"
            } else {
                ":write"
            };
            found.extend(unless(
                machine.is_none_or(|scope| scope.ends_with(kind)),
                format!("its scope is no {kind} one"),
            ));
            found
        },
    );
}

/// The scopes, copied by hand from the product's description.
#[test]
fn the_scopes_are_those_of_the_product() {
    let mut expected = BTreeSet::new();
    for thing in [
        "firm",
        "members",
        "clients",
        "partnerships",
        "plan",
        "introductions",
        "action-steps",
        "meetings",
        "contacts",
        "touchpoints",
        "documents",
        "webhooks",
        "imports",
    ] {
        expected.extend([format!("{thing}:read"), format!("{thing}:write")]);
    }
    expected
        .extend(["reports:read", "changes:read", "exports:read", "audit:read"].map(str::to_owned));
    let document = document();
    let flows = &document["components"]["securitySchemes"]["machine"]["flows"]["clientCredentials"]
        ["scopes"];
    let told: BTreeSet<_> = flows.as_object().unwrap().keys().cloned().collect();
    assert_eq!(told, expected);
    let words = schemas(&document)["Scope"]["enum"].as_array().unwrap();
    let words: BTreeSet<_> = words
        .iter()
        .map(|word| word.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        words, expected,
        "the schema Scope has other words than the wire"
    );
}

pub(super) fn check_example(
    document: &Value,
    schema: &Value,
    example: &Value,
    place: &str,
) -> Vec<String> {
    let validator = validator(schema, &document["components"]);
    let errors = validator.iter_errors(example);
    errors
        .map(|error| {
            format!(
                "{place} at {:?}: {error}",
                error.instance_path().to_string()
            )
        })
        .collect()
}

fn example_of<'a>(document: &'a Value, media: &'a Value) -> Option<&'a Value> {
    let schema = followed(document, &media["schema"]);
    let several = media
        .get("examples")
        .and_then(Value::as_object)
        .and_then(|all| all.values().next());
    media
        .get("example")
        .or_else(|| several.and_then(|one| one.get("value")))
        .or_else(|| schema.get("example"))
}

#[test]
fn every_request_body_has_an_example_and_every_example_is_valid() {
    each("examples that validate", |document, operation| {
        let mut found = Vec::new();
        for (kind, media) in operation.value["requestBody"]["content"]
            .as_object()
            .into_iter()
            .flatten()
        {
            match example_of(document, media) {
                None => found.push(format!("its {kind} has no example")),
                Some(example) => {
                    found.extend(check_example(document, &media["schema"], example, kind))
                }
            }
        }
        for (status, response) in operation.value["responses"].as_object().unwrap() {
            for (kind, media) in response["content"].as_object().into_iter().flatten() {
                if let Some(example) = example_of(document, media) {
                    found.extend(check_example(
                        document,
                        &media["schema"],
                        example,
                        &format!("{status} {kind}"),
                    ));
                }
            }
        }
        for parameter in operation.parameters(document) {
            let own = parameter
                .get("example")
                .or_else(|| followed(document, &parameter["schema"]).get("example"));
            if let Some(example) = own {
                found.extend(check_example(
                    document,
                    &parameter["schema"],
                    example,
                    &parameter["name"].to_string(),
                ));
            }
        }
        found
    });
}

#[test]
fn paths_are_kebab_case_and_plural_and_their_parameters_snake_case() {
    each("plural nouns in kebab-case", |document, operation| {
        let mut found = Vec::new();
        let parts: Vec<&str> = operation.path.trim_matches('/').split('/').collect();
        for (place, part) in parts.iter().enumerate() {
            if let Some(name) = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
            {
                found.extend(unless(
                    is_snake(name),
                    format!("the parameter {name} is not in snake_case"),
                ));
                continue;
            }
            if part.starts_with(".well-known") || parts[0] == ".well-known" {
                continue;
            }
            let kebab = is_snake(&part.replace('-', "_")) && !part.contains('_');
            let version = place == 0 && *part == "v1";
            found.extend(unless(
                kebab || version,
                format!("{part} is not in kebab-case"),
            ));
            // A noun is what begins a path, what an id stands behind, and what a read ends with.
            let is_last = place + 1 == parts.len();
            let before_id = parts
                .get(place + 1)
                .is_some_and(|next| next.starts_with('{'));
            let is_noun = parts[0] == "v1"
                && (place == 1
                    || (before_id && !parts[place - 1].starts_with("by-"))
                    || (is_last && operation.method == "GET"));
            if is_noun && !part.starts_with("by-") && !SINGULAR.contains(part) {
                found.extend(unless(
                    part.ends_with('s'),
                    format!("{part} is not plural; if there is one alone, add it to SINGULAR"),
                ));
            }
        }
        let known = [
            "/healthz",
            "/readyz",
            "/oauth/",
            "/problems/",
            "/.well-known/",
            "/v1/",
        ];
        found.extend(unless(
            known.iter().any(|known| operation.path.starts_with(known)),
            "is not under /v1/",
        ));
        for name in operation.parameter_names(document, "query") {
            found.extend(unless(
                is_snake(&name),
                format!("the parameter {name} is not in snake_case"),
            ));
        }
        found
    });
}

#[test]
fn a_list_has_pages_with_a_limit_and_a_cursor() {
    each(
        "`limit` and `cursor` on every list",
        |document, operation| {
            let answer =
                &operation.value["responses"]["200"]["content"]["application/json"]["schema"];
            let answer = followed(document, answer);
            let is_page = answer["properties"].get("next_cursor").is_some()
                || answer["properties"].get("data").is_some();
            let is_named_list = operation.id.starts_with("list_") && operation.answers_json();
            if !is_page && !is_named_list {
                return Vec::new();
            }
            let fields: BTreeSet<_> = answer["properties"]
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            let mut found = unless(
                fields == BTreeSet::from(["data", "next_cursor"]),
                format!("its page has {fields:?}"),
            );
            let query = operation.parameters(document);
            let one = |name: &str| {
                query
                    .iter()
                    .find(|one| one["in"] == "query" && one["name"] == name)
                    .cloned()
            };
            found.extend(unless(one("cursor").is_some(), "has no `cursor`"));
            match one("limit") {
                None => found.push("has no `limit`".to_owned()),
                Some(limit) => {
                    let schema = followed(document, &limit["schema"]);
                    let bounds = (&schema["minimum"], &schema["maximum"], &schema["default"]);
                    let told = bounds.0 == 1 && bounds.1 == 200 && bounds.2 == 50;
                    found.extend(unless(
                        told,
                        format!("its limit is not 1 to 200, 50 unless told: {schema}"),
                    ));
                }
            }
            found
        },
    );
}

#[test]
fn a_post_can_be_repeated_and_a_patch_names_the_version() {
    each(
        "Idempotency-Key on every POST, If-Match on every PATCH, and on every PUT that has no name of the caller's own",
        |document, operation| {
            let headers: Vec<_> = operation
                .parameters(document)
                .into_iter()
                .filter(|one| one["in"] == "header")
                .collect();
            let one = |name: &str| headers.iter().find(|one| one["name"] == name);
            let repeatable = operation.is_secured()
                && operation.method == "POST"
                && !NOT_REPEATABLE.contains(&operation.id.as_str());
            let mut found = unless(
                repeatable == one("Idempotency-Key").is_some(),
                "Idempotency-Key is where it should not be, or the reverse",
            );
            let required = one("If-Match").is_some_and(|one| one["required"] == true);
            found.extend(unless(
                operation.is_guarded() == required,
                "If-Match is where it should not be, or the reverse",
            ));
            found
        },
    );
}

//! Finishes the OpenAPI document: what holds for every operation of a kind is said here once, by
//! rule, so that no operation can forget it.

use serde_json::{Map, Value, json};

use super::limits::is_limited;
use crate::platform::auth::Scope;

/// The statuses that an operation can answer with, by what it is.
fn problems_of(method: &str, operation: &Value, path: &str) -> Vec<(&'static str, &'static str)> {
    let secured = operation.get("security").is_some();
    let has_body = operation.get("requestBody").is_some();
    let mut statuses = vec![
        ("500", "Something went wrong on the service's side."),
        (
            "503",
            "The database is away; try again after `Retry-After` seconds.",
        ),
    ];
    if path.starts_with("/v1") || has_body {
        statuses.push(("400", "The request can't be read."));
    }
    if secured {
        statuses.push(("401", "No valid access token."));
        statuses.push(("403", "Known, but not allowed."));
    }
    if is_limited(path) {
        statuses.push((
            "429",
            "Too many requests; try again after `Retry-After` seconds.",
        ));
    }
    if path.contains('{') {
        statuses.push(("404", "Not there, or not yours."));
    }
    if has_body {
        statuses.push(("408", "The body came too slowly."));
        statuses.push(("413", "The body is too large."));
        statuses.push(("415", "The body is of a kind that is not read here."));
        statuses.push(("422", "Fields are wrong; `errors` names each."));
    }
    if secured && matches!(method, "post" | "put" | "patch") {
        statuses.push(("409", "The present state, or what exists, forbids it."));
    }
    if secured && method == "post" && !has_body {
        statuses.push(("422", "The idempotency key belongs to another request."));
    }
    let name = operation.get("operationId").and_then(Value::as_str);
    if is_guarded(method, path) || name.is_some_and(|name| CONDITIONAL.contains(&name)) {
        statuses.push(("412", "It was changed since you read it."));
    }
    if is_guarded(method, path) {
        statuses.push(("428", "`If-Match` is missing."));
    }
    statuses
}

/// Whether a change must name what was read: of what two people can edit, and not where a system puts what is its own.
fn is_guarded(method: &str, path: &str) -> bool {
    method == "patch" || (method == "put" && !path.contains("/by-external-id/"))
}

/// Operations that bind to what was read, where `If-Match` tells what that was.
const CONDITIONAL: &[&str] = &["accept_action_step"];

/// Operations whose answers are secrets, that make nothing, or after which the caller can't come again: an
/// idempotency key is not looked at.
const NOT_IDEMPOTENT: &[&str] = &[
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

/// Completes the document that utoipa collected.
pub fn finish(mut document: Value) -> Value {
    let bodies = body_schemas(&document);
    each_operation(&mut document, |method, path, operation| {
        for (status, meaning) in problems_of(method, operation, path) {
            add_problem(operation, status, meaning);
        }
        add_headers(method, path, operation);
        describe_responses(operation);
        if is_limited(path) {
            describe_limits(operation);
        }
    });
    require_all_fields(&mut document, &bodies);
    for body in &bodies {
        describe_own_id(&mut document, body);
    }
    add_components(&mut document);
    limit(&mut document);
    // Only now: above, a public operation is one that says nothing.
    each_operation(&mut document, |_, _, operation| {
        if let Some(map) = operation.as_object_mut() {
            map.entry("security").or_insert_with(|| json!([]));
        }
    });
    if let Some(map) = document.as_object_mut() {
        map.insert(
            "servers".to_owned(),
            json!([{"url": "/", "description": "The service that this document was read from."}]),
        );
    }
    document
}

/// A caller's own id must be a UUID of version 7, which no format says.
fn describe_own_id(document: &mut Value, body: &str) {
    let id = document.pointer_mut(&format!("/components/schemas/{body}/properties/id"));
    let is_uuid = |id: &Map<String, Value>| id.get("format").is_some_and(|format| format == "uuid");
    if let Some(id) = id.and_then(Value::as_object_mut).filter(|id| is_uuid(id)) {
        id.insert(
            "pattern".to_owned(),
            json!("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"),
        );
    }
}

/// The longest integer that every JSON reader keeps exact.
const LARGEST_INTEGER: u64 = (1 << 53) - 1;

/// Says of each schema how large its values can be, where that follows from the kind of value.
fn limit(value: &mut Value) {
    if let Value::Object(map) = value {
        let is = |wanted: &str| match map.get("type") {
            Some(Value::String(kind)) => kind == wanted,
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == wanted),
            _ => false,
        };
        let length = match map.get("format").and_then(Value::as_str) {
            Some("uuid") => Some(36),
            Some("date") => Some(10),
            Some("date-time") => Some(40),
            _ => None,
        };
        if let (true, Some(length)) = (is("string"), length) {
            map.entry("maxLength").or_insert_with(|| json!(length));
        } else if is("integer") {
            // What the schemas leave open are counts: versions, seconds.
            map.entry("minimum").or_insert_with(|| json!(0));
            map.entry("maximum")
                .or_insert_with(|| json!(LARGEST_INTEGER));
            map.entry("format").or_insert_with(|| json!("int64"));
        }
    }
    match value {
        Value::Object(map) => map
            .iter_mut()
            .filter(|(name, _)| !matches!(name.as_str(), "example" | "examples" | "default"))
            .for_each(|(_, inner)| limit(inner)),
        Value::Array(items) => items.iter_mut().for_each(limit),
        _ => {}
    }
}

fn each_operation(document: &mut Value, mut work: impl FnMut(&str, &str, &mut Value)) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, operations) in paths.into_iter().flatten() {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            work(method, path, operation);
        }
    }
}

fn object<'a>(parent: &'a mut Value, name: &str) -> Option<&'a mut Map<String, Value>> {
    let map = parent.as_object_mut()?;
    map.entry(name).or_insert_with(|| json!({})).as_object_mut()
}

fn add_problem(operation: &mut Value, status: &str, meaning: &str) {
    let Some(responses) = object(operation, "responses") else {
        return;
    };
    responses.entry(status).or_insert_with(|| {
        json!({
            "description": meaning,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        })
    });
}

fn add_headers(method: &str, path: &str, operation: &mut Value) {
    let name = operation
        .get("operationId")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let secured = operation.get("security").is_some();
    let mut headers = Vec::new();
    if secured && method == "post" && !NOT_IDEMPOTENT.contains(&name.as_str()) {
        headers.push("IdempotencyKey");
    }
    if is_guarded(method, path) {
        headers.push("IfMatch");
    } else if CONDITIONAL.contains(&name.as_str()) {
        headers.push("IfMatchIfAny");
    }
    if headers.is_empty() {
        return;
    }
    let Some(map) = operation.as_object_mut() else {
        return;
    };
    let parameters = map.entry("parameters").or_insert_with(|| json!([]));
    if let Some(list) = parameters.as_array_mut() {
        list.extend(
            headers
                .iter()
                .map(|name| json!({"$ref": format!("#/components/parameters/{name}")})),
        );
    }
}

fn describe_responses(operation: &mut Value) {
    let name = operation
        .get("operationId")
        .and_then(Value::as_str)
        .unwrap_or_default();
    // Tokens and secrets are told once; they are no resources to be read again.
    let is_resource = operation.get("security").is_some() && !NOT_IDEMPOTENT.contains(&name);
    let Some(responses) = object(operation, "responses") else {
        return;
    };
    for (status, response) in responses {
        let is_json = response.pointer("/content/application~1json").is_some();
        let Some(headers) = object(response, "headers") else {
            continue;
        };
        headers.insert(
            "X-Request-Id".to_owned(),
            json!({"$ref": "#/components/headers/RequestId"}),
        );
        if (is_resource && is_json && matches!(status.as_str(), "200" | "201")) || status == "412" {
            headers.insert(
                "ETag".to_owned(),
                json!({"$ref": "#/components/headers/EntityTag"}),
            );
        }
        if is_resource && status == "201" {
            headers.insert(
                "Location".to_owned(),
                json!({"$ref": "#/components/headers/Location"}),
            );
        }
        if status == "401" {
            headers.insert(
                "WWW-Authenticate".to_owned(),
                json!({"$ref": "#/components/headers/Challenge"}),
            );
        }
        if matches!(status.as_str(), "429" | "503") {
            headers.insert(
                "Retry-After".to_owned(),
                json!({"$ref": "#/components/headers/RetryAfter"}),
            );
        }
    }
}

/// Each of its answers says how many more requests are taken; so it does in
/// [`super::limits`] as well.
fn describe_limits(operation: &mut Value) {
    let responses = object(operation, "responses").into_iter().flatten();
    for (_, response) in responses {
        let Some(headers) = object(response, "headers") else {
            continue;
        };
        for name in ["RateLimit", "RateLimit-Policy"] {
            let component = name.replace('-', "");
            headers.insert(
                name.to_owned(),
                json!({"$ref": format!("#/components/headers/{component}")}),
            );
        }
    }
}

/// The names of the schemas that requests use, directly or through others.
fn body_schemas(document: &Value) -> Vec<String> {
    let mut names = Vec::new();
    let paths = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    for (_, operations) in paths {
        for (_, operation) in operations.as_object().into_iter().flatten() {
            if let Some(body) = operation.get("requestBody") {
                collect_references(body, document, &mut names);
            }
        }
    }
    names
}

fn collect_references(value: &Value, document: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let name = map
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|path| path.rsplit('/').next());
            if let Some(name) = name.filter(|name| !names.iter().any(|known| known == name)) {
                names.push(name.to_owned());
                if let Some(schema) = document.pointer(&format!("/components/schemas/{name}")) {
                    collect_references(schema, document, names);
                }
            }
            map.values()
                .for_each(|inner| collect_references(inner, document, names));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|inner| collect_references(inner, document, names)),
        _ => {}
    }
}

/// A field of a resource is always there, `null` when empty. The few that are there only at times say
/// so by being optional without being nullable.
fn require_all_fields(document: &mut Value, bodies: &[String]) {
    let schemas = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        let required = schema
            .get("required")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let fields = schema.get("properties").and_then(Value::as_object);
        let always: Vec<Value> = fields
            .into_iter()
            .flatten()
            .filter(|(name, field)| required.iter().any(|one| one == *name) || is_nullable(field))
            .map(|(name, _)| Value::from(name.clone()))
            .collect();
        if let (false, Some(map)) = (
            bodies.contains(name) || always.is_empty(),
            schema.as_object_mut(),
        ) {
            map.insert("required".to_owned(), Value::Array(always));
        }
    }
}

fn is_nullable(field: &Value) -> bool {
    let is_null =
        |kind: &Value| kind == "null" || kind.get("type").is_some_and(|kind| kind == "null");
    ["type", "oneOf"].iter().any(|name| match field.get(*name) {
        Some(Value::Array(kinds)) => kinds.iter().any(is_null),
        _ => false,
    })
}

fn add_components(document: &mut Value) {
    let scopes: Map<String, Value> = Scope::ALL
        .iter()
        .map(|scope| (scope.as_str().to_owned(), json!(scope_meaning(*scope))))
        .collect();
    let Some(components) = object(document, "components") else {
        return;
    };
    components.insert(
        "securitySchemes".to_owned(),
        json!({
            "person": {
                "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "A member's access token, from `POST /v1/sessions`. What the member may do follows from the role. Tokens are signed and checked by RFC8725.",
            },
            "machine": {
                "type": "oauth2",
                "description": "An API client's access token (OAuth 2.0 client credentials). What it may do follows from its scopes. Tokens are signed and checked by RFC8725.",
                "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": scopes}},
            },
        }),
    );
    components.insert(
        "parameters".to_owned(),
        json!({
            "IdempotencyKey": {
                "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "A key of your own for this request. Sent again with the same key within 24 hours, the request is not carried out again: it gets the first status and the resource as it is now, with `Idempotency-Replayed: true`.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
                "example": "7f1d4c1e-2f0b-4e8e-9c55-0d3b8a4a6f10",
            },
            "IfMatchIfAny": {
                "name": "If-Match", "in": "header", "required": false,
                "description": "The entity tag of what you bind to, as you read it. Without it, whatever is there now counts.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 1000},
                "example": "\"pZ0m1VnU3M9yY2cQmB6n5g\"",
            },
            "IfMatch": {
                "name": "If-Match", "in": "header", "required": true,
                "description": "The entity tag of what you change, as you read it.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 1000},
                "example": "\"pZ0m1VnU3M9yY2cQmB6n5g\"",
            },
        }),
    );
    components.insert(
        "headers".to_owned(),
        json!({
            "RequestId": {"description": "The request's id: yours, if you sent one.", "schema": {"type": "string"}},
            "EntityTag": {"description": "Names this representation, for `If-Match` and `If-None-Match`.", "schema": {"type": "string"}},
            "Location": {"description": "Where the new one is.", "schema": {"type": "string", "format": "uri-reference"}},
            "Challenge": {"description": "How to authenticate.", "schema": {"type": "string"}},
            "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
            "RateLimit": {"description": "How many more requests are taken now (`r`), and in how many seconds it is as many as can be, or with `r=0` the next one (`t`). The policy is `principal` for a request with a valid token, else `address`. It is not there where the operator set no limit.", "schema": {"type": "string"}, "example": "\"principal\";r=2987;t=1"},
            "RateLimitPolicy": {"description": "How many requests are taken (`q`) in how many seconds (`w`).", "schema": {"type": "string"}, "example": "\"principal\";q=3000;w=60"},
        }),
    );
}

fn scope_meaning(scope: Scope) -> String {
    let (thing, what) = scope.as_str().split_once(':').unwrap_or_default();
    match (thing, what) {
        ("introductions", "write") => {
            "Draft, offer, answer, move and withdraw introductions; record and withdraw consent."
                .to_owned()
        }
        (thing, "write") => format!(
            "Create and change what is the firm's own: {}.",
            thing.replace('-', " ")
        ),
        (thing, _) => format!("Read what the firm may see: {}.", thing.replace('-', " ")),
    }
}

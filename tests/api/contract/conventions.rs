//! How every operation takes a request: what can't be read, what has wrong fields, what is too large,
//! of another type, or has another method; and the id of each request.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};

use super::documented::{Operation, followed};
use super::nothing;
use super::world::{Body, Request, World, place};
use crate::support::{Actor, Answer};

/// The largest JSON body.
const LIMIT: usize = 64 * 1024;

/// What was found so far, and what an answer is compared with.
struct Check<'a> {
    world: &'a World,
    found: Vec<String>,
}

impl<'a> Check<'a> {
    fn new(world: &'a World) -> Self {
        Self {
            world,
            found: Vec::new(),
        }
    }

    /// An answer that should be this problem, with this error among its own, if one is named.
    fn problem(
        &mut self,
        what: &str,
        request: &Request,
        answer: &Answer,
        (status, slug): (u16, &str),
        error: Option<(&str, &str)>,
    ) {
        let name = format!("{} with {what}", request.operation.id);
        let told = answer.json();
        let kind = format!("/problems/{slug}");
        let named = error.is_none_or(|(pointer, code)| {
            let errors = told["errors"].as_array().cloned().unwrap_or_default();
            errors
                .iter()
                .any(|one| one["pointer"] == pointer && (code.is_empty() || one["code"] == code))
        });
        if answer.status.as_u16() != status || told["type"] != json!(kind) || !named {
            let wanted = error.map_or(String::new(), |(pointer, code)| {
                format!(" naming {pointer} ({code})")
            });
            self.found.push(format!(
                "{name}: expected {status} {slug}{wanted}, got {} {}",
                answer.status,
                answer.text()
            ));
        }
        self.documented(&name, &request.operation, answer);
    }

    fn done(&mut self, what: &str, request: &Request, answer: &Answer) {
        let name = format!("{} with {what}", request.operation.id);
        if !answer.status.is_success() {
            self.found.push(format!(
                "{name}: expected 2xx, got {} {}",
                answer.status,
                answer.text()
            ));
        }
        self.documented(&name, &request.operation, answer);
    }

    fn documented(&mut self, name: &str, operation: &Operation, answer: &Answer) {
        let complaints = self.world.documented.complaints(operation, answer);
        self.found.extend(
            complaints
                .into_iter()
                .map(|complaint| format!("{name}: {complaint}")),
        );
    }
}

/// Every operation with a JSON body: a request of it, and who may send it.
async fn with_bodies(world: &World) -> Vec<(Request, Actor)> {
    let mut all = Vec::new();
    for operation in world.documented.operations() {
        if operation.json_body().is_some() {
            let request = world.request(&operation.id, "").await;
            all.push((request, world.admin_for(&operation.id, "").clone()));
        }
    }
    assert!(all.len() > 10);
    all
}

#[tokio::test]
async fn an_unknown_query_parameter_is_refused_by_name() {
    let world = World::new().await;
    let mut check = Check::new(&world);
    // A session of its own, since to sign out is among the operations.
    let leaving = world.quid.sign_in(&world.pair.a.email).await;
    for operation in world.documented.operations() {
        // Load balancers, Prometheus and RFC 6749 add parameters where they please.
        if !operation.path.starts_with("/v1/") {
            continue;
        }
        let request = world.request(&operation.id, "").await;
        let actor = match operation.id.as_str() {
            "sign_out" => &leaving,
            id => world.admin_for(id, ""),
        };
        let mark = if request.path.contains('?') { '&' } else { '?' };
        let odd = request.at(format!("{}{mark}no_such_parameter=1", request.path));
        let answer = odd.send(actor).await;
        if answer.status.is_success() {
            let ignored = format!("{}: it was ignored, {}", operation.id, answer.status);
            check.found.push(ignored);
        } else {
            let (kind, place) = ((400, "malformed-request"), ("no_such_parameter", ""));
            check.problem("an unknown parameter", &odd, &answer, kind, Some(place));
        }
    }
    nothing(
        &check.found,
        "an unknown query parameter is an error that names it",
    );
}

#[tokio::test]
async fn a_field_that_is_not_known_a_nul_and_a_wrong_type_are_named() {
    let world = World::new().await;
    let mut check = Check::new(&world);
    for (request, actor) in with_bodies(&world).await {
        let unknown = request.with("no_such_field", json!(1));
        let answer = unknown.send(&actor).await;
        check.problem(
            "an unknown field",
            &unknown,
            &answer,
            (422, "invalid-fields"),
            Some(("/no_such_field", "unknown")),
        );

        let slashed = request.with("a/b~c", json!(1));
        let answer = slashed.send(&actor).await;
        check.problem(
            "a field to be escaped",
            &slashed,
            &answer,
            (422, "invalid-fields"),
            Some(("/a~1b~0c", "unknown")),
        );

        let answer = request.send_raw(&actor, &[], Some(b"[]".to_vec())).await;
        check.problem(
            "an array",
            &request,
            &answer,
            (422, "invalid-fields"),
            Some(("", "type")),
        );

        for (pointer, nul) in with_nul(&world, &request) {
            let answer = nul.send(&actor).await;
            check.problem(
                "a NUL",
                &nul,
                &answer,
                (422, "invalid-fields"),
                Some((&pointer, "nul")),
            );
        }
        for name in text_fields(&world, &request) {
            let number = request.with(&name, json!(17));
            let answer = number.send(&actor).await;
            let pointer = format!("/{name}");
            check.problem(
                "a number for a text",
                &number,
                &answer,
                (422, "invalid-fields"),
                Some((&pointer, "")),
            );
            // The answer must not repeat what was sent: it may be a name or a password.
            let secret = request.with(&name, json!(format!("\u{7}SECRET{}", "x".repeat(6000))));
            let answer = secret.send(&actor).await;
            check.problem(
                "a text too long",
                &secret,
                &answer,
                (422, "invalid-fields"),
                Some((&pointer, "")),
            );
            if answer.text().contains("SECRET") {
                check.found.push(format!(
                    "{} repeats what was sent as {name}",
                    request.operation.id
                ));
            }
        }
        let answer = request.send(&actor).await;
        check.done("the right body, afterwards", &request, &answer);
    }
    nothing(
        &check.found,
        "every bad field is named, and nothing is done",
    );
}

/// The fields of a body that are texts, at its top.
fn text_fields(world: &World, request: &Request) -> Vec<String> {
    let document = &world.documented.document;
    let schema = &document["components"]["schemas"][request.operation.json_body().unwrap()];
    let fields = schema["properties"].as_object().into_iter().flatten();
    let is_text = |value: &Value| {
        let branches = value["oneOf"].as_array().cloned().unwrap_or_default();
        let own = branches
            .iter()
            .find(|one| one["type"] != "null")
            .unwrap_or(value);
        let kind = &followed(document, own)["type"];
        kind == "string"
            || kind
                .as_array()
                .is_some_and(|kinds| kinds.contains(&json!("string")))
    };
    fields
        .filter(|(_, value)| is_text(value))
        .map(|(name, _)| name.clone())
        .collect()
}

fn with_nul(world: &World, request: &Request) -> Vec<(String, Request)> {
    let fields = text_fields(world, request);
    fields
        .into_iter()
        .map(|name| (format!("/{name}"), request.with(&name, json!("a\u{0}b"))))
        .collect()
}

#[tokio::test]
async fn every_bad_field_is_named_at_once() {
    let world = World::new().await;
    let mut found = Vec::new();
    for (request, actor) in with_bodies(&world).await {
        let schema = &world.documented.document["components"]["schemas"]
            [request.operation.json_body().unwrap()];
        let fields: Vec<_> = schema["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        // No field is an array of arrays, so this is wrong for each.
        let body: Value = fields
            .iter()
            .map(|name| (name.clone(), json!([[]])))
            .chain([("no_such_field".to_owned(), json!(1))])
            .collect();
        let answer = Request {
            body: Body::Json(body),
            ..request.clone()
        }
        .send(&actor)
        .await;
        if answer.status != 422 {
            found.push(format!(
                "{}: {} {}",
                request.operation.id,
                answer.status,
                answer.text()
            ));
            continue;
        }
        let named: BTreeSet<_> = answer
            .errors()
            .into_iter()
            .map(|(pointer, _)| pointer)
            .collect();
        for name in fields.iter().chain([&"no_such_field".to_owned()]) {
            if !named.iter().any(|pointer| {
                *pointer == format!("/{name}") || pointer.starts_with(&format!("/{name}/"))
            }) {
                found.push(format!(
                    "{}: {name} is not named: {named:?}",
                    request.operation.id
                ));
            }
        }
        let bare = Request {
            body: Body::Json(json!({})),
            ..request.clone()
        };
        let required: BTreeSet<_> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|name| format!("/{}", name.as_str().unwrap()))
            .collect();
        if !required.is_empty() {
            let answer = bare.send(&actor).await;
            let named: BTreeSet<_> = if answer.status == 422 {
                answer
                    .errors()
                    .into_iter()
                    .filter(|(_, code)| code == "required")
                    .map(|(pointer, _)| pointer)
                    .collect()
            } else {
                BTreeSet::new()
            };
            if named != required {
                found.push(format!(
                    "{}: required are {required:?}, named were {named:?} ({})",
                    request.operation.id, answer.status
                ));
            }
        }
    }
    nothing(&found, "every bad field is named at once");
}

#[tokio::test]
async fn a_body_that_is_no_json_has_a_key_twice_or_is_of_another_type_is_refused() {
    let world = World::new().await;
    let mut check = Check::new(&world);
    for (request, actor) in with_bodies(&world).await {
        let right = request.json().to_string();
        let first = request.json().as_object().unwrap().iter().next().unwrap();
        let twice = format!("{{{}:{},{}", json!(first.0), first.1, &right[1..]);
        let deep = "[".repeat(20_000);
        let nested = format!("{{\"no_such_field\":{{\"a\":1,\"a\":2}},{}", &right[1..]);
        let bodies: [(&str, Vec<u8>); 9] = [
            ("no JSON", b"{\"name\":".to_vec()),
            ("nothing", Vec::new()),
            ("blanks", b"  \n".to_vec()),
            ("two values", format!("{right} {right}").into_bytes()),
            ("no UTF-8", b"{\"name\":\"\xff\xfe\"}".to_vec()),
            ("half a surrogate", b"{\"name\":\"\\ud800\"}".to_vec()),
            ("a deep nest", deep.into_bytes()),
            ("a key that stands twice", twice.into_bytes()),
            ("a key that stands twice within", nested.into_bytes()),
        ];
        for (what, body) in bodies {
            let answer = request.send_raw(&actor, &[], Some(body)).await;
            check.problem(
                what,
                &request,
                &answer,
                (400, "malformed-request"),
                Some(("", "json")),
            );
        }
        for kind in [
            "text/plain",
            "application/xml",
            "application/x-www-form-urlencoded",
            "application/jsonx",
            "nonsense",
            "",
        ] {
            let answer = request
                .send_raw(
                    &actor,
                    &[("content-type", kind)],
                    Some(right.clone().into_bytes()),
                )
                .await;
            check.problem(
                &format!("the type {kind:?}"),
                &request,
                &answer,
                (415, "unsupported-media-type"),
                None,
            );
        }
        for encoding in ["gzip", "br", "deflate", "zstd", "nonsense"] {
            let answer = request
                .send_raw(
                    &actor,
                    &[("content-encoding", encoding)],
                    Some(right.clone().into_bytes()),
                )
                .await;
            check.problem(
                &format!("the encoding {encoding}"),
                &request,
                &answer,
                (415, "unsupported-media-type"),
                None,
            );
        }
        let answer = request
            .send_raw(
                &actor,
                &[("content-type", "Application/JSON; charset=utf-8")],
                Some(right.into_bytes()),
            )
            .await;
        check.done("a type with parameters, after all that", &request, &answer);
    }
    nothing(
        &check.found,
        "a body that can't be read is refused, and nothing is done",
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_and_one_of_the_limit_is_not() {
    let world = World::new().await;
    let mut check = Check::new(&world);
    for (request, actor) in with_bodies(&world).await {
        let right = request.json().to_string();
        let padded =
            |size: usize| format!("{}{right}", " ".repeat(size - right.len())).into_bytes();
        for size in [LIMIT + 1, 20 * LIMIT] {
            let answer = request.send_raw(&actor, &[], Some(padded(size))).await;
            check.problem(
                &format!("{size} bytes"),
                &request,
                &answer,
                (413, "body-too-large"),
                None,
            );
        }
        let answer = request.send_raw(&actor, &[], Some(padded(LIMIT))).await;
        check.done("as many bytes as it takes", &request, &answer);
    }
    nothing(&check.found, "64 KiB and not a byte more");
}

#[tokio::test]
async fn the_token_endpoint_takes_a_form_and_nothing_else() {
    let world = World::new().await;
    let mut check = Check::new(&world);
    let request = world.request("issue_token", "").await;
    let Body::Form(form) = request.body.clone() else {
        panic!("no form")
    };
    let nobody = world.quid.nobody();
    let oauth =
        |answer: &Answer, error: &str| answer.status == 400 && answer.json()["error"] == error;
    let cases = [
        (
            "a parameter twice",
            format!("{form}&grant_type=client_credentials"),
            "invalid_request",
        ),
        (
            "no grant",
            "client_id=a&client_secret=b".to_owned(),
            "invalid_request",
        ),
        (
            "another grant",
            "grant_type=password&username=a&password=b".to_owned(),
            "unsupported_grant_type",
        ),
        (
            "a scope that it has not",
            format!("{form}&scope=clients:write"),
            "invalid_scope",
        ),
        (
            "a scope that there is not",
            format!("{form}&scope=everything"),
            "invalid_scope",
        ),
        (
            "a refresh token that is none",
            "grant_type=refresh_token&refresh_token=abc".to_owned(),
            "invalid_grant",
        ),
    ];
    for (what, body, error) in cases {
        let answer = request
            .send_raw(&nobody, &[], Some(body.into_bytes()))
            .await;
        if !oauth(&answer, error) {
            check.found.push(format!(
                "{what}: expected 400 {error}, got {} {}",
                answer.status,
                answer.text()
            ));
        }
        check.documented(what, &request.operation, &answer);
    }
    let answer = request
        .send_raw(
            &nobody,
            &[("content-encoding", "gzip")],
            Some(form.clone().into_bytes()),
        )
        .await;
    check.problem(
        "an encoding",
        &request,
        &answer,
        (415, "unsupported-media-type"),
        None,
    );
    let answer = request
        .send_raw(
            &nobody,
            &[],
            Some(format!("{form}&x={}", "x".repeat(LIMIT)).into_bytes()),
        )
        .await;
    check.problem(
        "a large body",
        &request,
        &answer,
        (413, "body-too-large"),
        None,
    );
    let answer = request
        .send_raw(&nobody, &[], Some(format!("{form}&unknown=1").into_bytes()))
        .await;
    check.done("a parameter that nobody knows", &request, &answer);
    assert_eq!(answer.header("cache-control"), "no-store");
    nothing(&check.found, "RFC 6749, 5.2");
}

#[tokio::test]
async fn a_method_that_an_address_does_not_have_is_answered_with_405_and_those_that_it_has() {
    let world = World::new().await;
    let mut paths: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    for operation in world.documented.operations() {
        paths
            .entry(operation.path.clone())
            .or_default()
            .push(operation);
    }
    let mut found = Vec::new();
    for (path, operations) in paths {
        let mut has: BTreeSet<_> = operations
            .iter()
            .map(|operation| operation.method.clone())
            .collect();
        // Not documented, and there all the same.
        if has.contains("GET") {
            has.insert("HEAD".to_owned());
        }
        let ids =
            vec!["0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000".to_owned(); path.matches('{').count()];
        let address = place(&path, &ids);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"] {
            if has.contains(method) {
                continue;
            }
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            for actor in [&world.quid.nobody(), &world.pair.a.admin] {
                let answer = actor.send(method.clone(), &address, &[], None).await;
                let allow: BTreeSet<_> = answer
                    .header("allow")
                    .split(", ")
                    .map(str::to_owned)
                    .collect();
                let is_problem = answer.json()["type"] == "/problems/method-not-allowed";
                if answer.status != 405 || allow != has || !is_problem {
                    found.push(format!(
                        "{method} {address}: {} Allow: {allow:?} {}",
                        answer.status,
                        answer.text()
                    ));
                }
            }
        }
    }
    let nowhere = world.pair.a.admin.get("/v1/no-such-thing").await;
    if nowhere.problem(404) != "not-found" || !nowhere.header("allow").is_empty() {
        found.push(format!("an unknown address: {}", nowhere.text()));
    }
    nothing(&found, "405 with Allow, whoever asks");
}

#[tokio::test]
async fn every_answer_has_the_id_of_its_request() {
    let world = World::new().await;
    let mut found = Vec::new();
    let mut made = BTreeSet::new();
    for operation in world.documented.operations() {
        // Reads are answered, writes refused: both have an id.
        let (actor, request) = if operation.method == "GET" {
            (
                world.admin_for(&operation.id, "").clone(),
                world.request(&operation.id, "").await,
            )
        } else {
            let ids = vec![
                "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000".to_owned();
                operation.path.matches('{').count()
            ];
            let path = place(&operation.path, &ids);
            (
                world.quid.nobody(),
                Request {
                    operation: operation.clone(),
                    path,
                    ids,
                    headers: vec![],
                    body: Body::None,
                },
            )
        };
        let given = "01JN7-trace_me.1";
        let answer = request.send_with(&actor, &[("x-request-id", given)]).await;
        if answer.header("x-request-id") != given {
            found.push(format!(
                "{}: {given} came back as {:?}",
                operation.id,
                answer.header("x-request-id")
            ));
        }
        let is_problem = answer.header("content-type") == "application/problem+json";
        if is_problem
            && (answer.json()["request_id"] != given
                || answer.json()["instance"] != json!(request.path))
        {
            found.push(format!("{}: {}", operation.id, answer.text()));
        }
        for odd in ["", "two words", "<script>", "a\tb", &"x".repeat(65)] {
            let headers: &[(&str, &str)] = if odd.is_empty() {
                &[]
            } else {
                &[("x-request-id", odd)]
            };
            let answer = request.send_with(&actor, headers).await;
            let id = answer.header("x-request-id").to_owned();
            if id.is_empty() || id == odd || !made.insert(id.clone()) {
                found.push(format!(
                    "{}: for {odd:?} the id {id:?} was made",
                    operation.id
                ));
            }
        }
    }
    nothing(&found, "X-Request-Id, yours or one of its own");
}

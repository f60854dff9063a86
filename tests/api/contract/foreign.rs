//! What is not yours is not there: a foreign id and one that nobody has get the same answer, byte for
//! byte, whatever is sent along.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use super::documented::Operation;
use super::nothing;
use super::world::{Body, Request, World, owner, place};
use crate::support::{Actor, Answer};

/// These write what the caller's own firm keeps under an external id; nothing of another firm's can be
/// named by it. They have a test of their own.
const OWN_NAMES: &[&str] = &["upsert_client", "upsert_introduction"];

/// What compliance may do beyond reading, from the product's table.
const ERASING: &[&str] = &["erase_client", "hold_client", "release_client"];

/// Cases beyond the plain one, in which a partner does not see what a stranger does not see.
const CASES: &[(&str, &str)] = &[
    ("get_introduction", "of a draft"),
    ("list_stages", "of a draft"),
    ("patch_introduction", "of a draft"),
    ("withdraw_introduction", "of a draft"),
    ("get_touchpoint", "that is private"),
    ("patch_touchpoint", "that is private"),
    ("delete_touchpoint", "that is private"),
];

/// Names that are as long as the others and that nobody has.
fn elsewhere(request: &Request) -> Request {
    let nowhere = |id: &String| match id.parse::<uuid::Uuid>() {
        Ok(_) => "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000".to_owned(),
        Err(_) => "z".repeat(id.len()),
    };
    let ids: Vec<_> = request.ids.iter().map(nowhere).collect();
    Request {
        path: place(&request.operation.path, &ids),
        ids,
        ..request.clone()
    }
}

/// All of an answer but the time, with the names in it made alike.
fn alike(answer: &Answer, request: &Request) -> String {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let mut lines: Vec<_> = headers
        .map(|(name, value)| match name.as_str() {
            // What is left falls with each request, and does not tell what was asked for.
            "ratelimit" => format!("{name}: (what is left)"),
            name => format!("{name}: {value:?}"),
        })
        .collect();
    lines.sort();
    let text = format!("{} {}\n{}", answer.status, lines.join("\n"), answer.text());
    request
        .ids
        .iter()
        .fold(text, |text, id| text.replace(id.as_str(), "(id)"))
}

/// A way to send a request: with a header of its own, with another body.
struct Variant {
    what: &'static str,
    query: &'static str,
    header: Option<(&'static str, &'static str)>,
    body: Option<Vec<u8>>,
}

/// What may be sent along: the right thing, and things that are answered with 4xx when the door is open.
fn variants(request: &Request) -> Vec<Variant> {
    let right = match &request.body {
        Body::Json(value) => Some(value.to_string().into_bytes()),
        _ => None,
    };
    let with = |what, query, header| Variant {
        what,
        query,
        header,
        body: right.clone(),
    };
    let mut all = vec![
        with("the right body", "", None),
        with("an unknown parameter", "?no_such_parameter=1", None),
        with("a stale If-Match", "", Some(("if-match", "\"stale\""))),
        with("an impossible key", "", Some(("idempotency-key", "no key"))),
    ];
    if right.is_some() {
        all.push(with(
            "another type",
            "",
            Some(("content-type", "text/plain")),
        ));
        all.push(with("an encoding", "", Some(("content-encoding", "gzip"))));
        let bodies = [
            ("garbage", b"{\"garbage".to_vec()),
            ("wrong fields", b"{\"no_such_field\":1}".to_vec()),
            ("too much", vec![b' '; 70_000]),
        ];
        all.extend(bodies.map(|(what, body)| Variant {
            what,
            query: "",
            header: None,
            body: Some(body),
        }));
    }
    all
}

/// Sends all variants to a real and to an unknown name, and notes where the answers are not the same or
/// not of this status.
async fn compare(
    request: &Request,
    actor: &Actor,
    who: &str,
    status: u16,
    found: &mut Vec<String>,
) {
    let unknown = elsewhere(request);
    for variant in variants(request) {
        let headers: Vec<_> = [("x-request-id", "the-same")]
            .into_iter()
            .chain(variant.header)
            .collect();
        let mut answers = Vec::new();
        for named in [request, &unknown] {
            let sent = named.at(format!("{}{}", named.path, variant.query));
            let answer = sent.send_raw(actor, &headers, variant.body.clone()).await;
            answers.push((answer.status.as_u16(), alike(&answer, named)));
        }
        let name = format!("{} by {who}, with {}", request.operation.id, variant.what);
        let [(got, real), (_, random)] = &answers[..] else {
            unreachable!("two were sent")
        };
        if *got != status {
            found.push(format!("{name}: expected {status}, got {real}"));
        }
        if real != random {
            found.push(format!(
                "{name}: a real name gets\n{real}\n  and an unknown one\n{random}"
            ));
        }
    }
}

fn named(world: &World) -> Vec<Operation> {
    let document = &world.documented.document;
    let all = world.documented.operations().into_iter();
    let named =
        all.filter(|one| one.is_secured() && !one.parameter_names(document, "path").is_empty());
    named
        .filter(|one| !OWN_NAMES.contains(&one.id.as_str()))
        .collect()
}

#[tokio::test]
async fn a_stranger_gets_the_same_404_for_what_is_there_and_what_is_not_whatever_it_sends() {
    let world = World::new().await;
    let people_only = |operation: &Operation| {
        operation.value["security"]
            .as_array()
            .is_some_and(|ways| ways.len() == 1)
    };
    let compliance = world.quid.member(&world.stranger, Role::Compliance).await;
    let machine = world
        .quid
        .api_client(
            &world.stranger,
            &[
                "members:read",
                "clients:read",
                "clients:write",
                "partnerships:read",
                "partnerships:write",
                "introductions:read",
                "introductions:write",
                "action-steps:read",
                "action-steps:write",
                "reports:read",
                "plan:read",
                "plan:write",
                "contacts:read",
                "contacts:write",
                "touchpoints:read",
                "touchpoints:write",
            ],
        )
        .await;
    let mut found = Vec::new();
    for operation in named(&world) {
        let request = world.request(&operation.id, "").await;
        compare(
            &request,
            &world.stranger.admin,
            "a stranger's admin",
            404,
            &mut found,
        )
        .await;
        // Where the role or the scope is refused, that comes first, and is the same too.
        let by_machine = if people_only(&operation) { 403 } else { 404 };
        compare(
            &request,
            &machine,
            "a stranger's API client",
            by_machine,
            &mut found,
        )
        .await;
        let own = operation.id == "end_session";
        let may = own || operation.method == "GET" || ERASING.contains(&operation.id.as_str());
        let by_compliance = if may { 404 } else { 403 };
        compare(
            &request,
            &compliance,
            "a stranger's compliance officer",
            by_compliance,
            &mut found,
        )
        .await;
        compare(
            &request,
            &world.stranger.admin.nobody(),
            "nobody",
            401,
            &mut found,
        )
        .await;
        // Nothing of all that has been carried out.
        let done = request.send(world.admin_for(&operation.id, "")).await;
        if !done.status.is_success() {
            found.push(format!(
                "{}: afterwards its owner got {} {}",
                operation.id,
                done.status,
                done.text()
            ));
        }
    }
    nothing(&found, "a foreign name and an unknown one are the same");
}

#[tokio::test]
async fn a_partner_gets_the_same_404_for_what_it_may_not_see_and_what_is_not_there() {
    let world = World::new().await;
    let mut found = Vec::new();
    let private = [
        "get_client",
        "get_client_by_external_id",
        "patch_client",
        "list_consents",
        "get_consent",
        "record_consent",
        "withdraw_consent",
        "revoke_api_client",
        "get_member",
        "patch_member",
        "deactivate_member",
        "reactivate_member",
        "get_member_invitation",
        "revoke_member_invitation",
        "offer_introduction",
        "erase_client",
        "hold_client",
        "release_client",
        "get_introduction_by_external_id",
        "get_partnership_note",
        "patch_partnership_note",
        "delete_partnership_note",
    ];
    for (operation, case) in private
        .into_iter()
        .map(|id| (id, ""))
        .chain(CASES.iter().copied())
    {
        let request = world.request(operation, case).await;
        let other = match owner(operation, case) {
            super::world::Side::A => &world.pair.b.admin,
            super::world::Side::B => &world.pair.a.admin,
        };
        compare(&request, other, "the partner's admin", 404, &mut found).await;
    }
    nothing(
        &found,
        "what a partner may not see and what is not there are the same",
    );
}

#[tokio::test]
async fn a_name_that_is_no_id_is_not_there_either() {
    let world = World::new().await;
    let mut found = Vec::new();
    for operation in named(&world) {
        let request = world.request(&operation.id, "").await;
        for odd in [
            "not-a-uuid",
            "%00",
            "..%2f..",
            "%F0%9F%98%80",
            "0199aaaa-bbbb-7ccc-8ddd-eeeeffff000",
        ] {
            let ids: Vec<_> = request.ids.iter().map(|_| odd.to_owned()).collect();
            let odd = request.at(place(&request.operation.path, &ids));
            let answer = odd.send(&world.pair.a.admin).await;
            if answer.status != 404 {
                found.push(format!(
                    "{} {}: {} {}",
                    operation.method,
                    odd.path,
                    answer.status,
                    answer.text()
                ));
            }
            found.extend(world.documented.complaints(&operation, &answer));
        }
    }
    nothing(&found, "what is no id is answered with 404");
}

#[tokio::test]
async fn two_firms_keep_their_own_records_under_one_external_id() {
    let world = World::new().await;
    let path = "/v1/clients/by-external-id/salesforce/0031";
    let ours = world
        .pair
        .a
        .admin
        .put(path, json!({"name": "Mary Greene"}))
        .await
        .expect(201);
    let before = world.pair.a.admin.get(path).await;
    for other in [&world.pair.b, &world.stranger] {
        let theirs = other
            .admin
            .put(path, json!({"name": "John Brown"}))
            .await
            .expect(201);
        assert_ne!(theirs["id"], ours["id"]);
        assert_eq!(
            other.admin.get(path).await.expect(200)["name"],
            "John Brown"
        );
    }
    let after = world.pair.a.admin.get(path).await;
    assert_eq!(after.header("etag"), before.header("etag"));
    assert_eq!(after.bytes, before.bytes);

    // Another firm's client or partnership in a body is one that is not there.
    let introduction = world.request("upsert_introduction", "").await;
    introduction.send(&world.pair.a.admin).await.expect(201);
    let nowhere = json!("0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000");
    let unknown = introduction
        .with("client_id", nowhere.clone())
        .with("partnership_id", nowhere.clone());
    let same = [("x-request-id", "the-same")];
    let real = introduction.send_with(&world.stranger.admin, &same).await;
    let random = unknown.send_with(&world.stranger.admin, &same).await;
    assert_eq!(real.problem(422), "invalid-fields");
    assert_eq!(real.text(), random.text());
    let unknown = introduction.with("client_id", nowhere);
    let real = introduction.send_with(&world.pair.b.admin, &same).await;
    let random = unknown.send_with(&world.pair.b.admin, &same).await;
    assert_eq!(real.problem(422), "invalid-fields");
    assert_eq!(real.text(), random.text());
}

#[tokio::test]
async fn what_is_named_in_a_body_and_is_another_firms_is_not_there() {
    let world = World::new().await;
    let nowhere = json!("0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000");
    let introduction = world
        .request("get_introduction", "of a draft")
        .await
        .ids
        .remove(0);
    let client = world.request("get_client", "").await.ids.remove(0);
    let own_client = world
        .stranger
        .admin
        .post("/v1/clients", json!({"name": "Own"}))
        .await
        .expect(201)["id"]
        .clone();
    let member = world.pair.a.admin.get("/v1/me").await.expect(200)["member"]["id"].clone();
    let other = world.quid.partner(&world.pair.a, &world.stranger).await;
    let followed = world
        .pair
        .a
        .admin
        .post(
            &format!("/v1/partnerships/{other}/action-steps"),
            json!({"owner": "us", "kind": "internal", "title": "Call", "due_on": "2026-03-20"}),
        )
        .await
        .expect(201)["id"]
        .clone();
    let lead = format!("/v1/partnerships/{}/lead", world.pair.partnership);
    let partnership = json!(world.pair.partnership);
    let steps = format!("/v1/partnerships/{}/action-steps", world.pair.partnership);
    let consents = format!("/v1/clients/{}/consents", own_client.as_str().unwrap());
    let introductions = format!("/v1/partnerships/{}/introductions", world.pair.partnership);
    let step = json!({"owner": "us", "kind": "internal", "title": "Call", "due_on": "2026-03-20"});
    let follow_up =
        json!({"owner": "us", "kind": "follow_up", "title": "Call", "due_on": "2026-03-20"});
    let consent = json!({"given_on": "2026-03-01", "method": "verbal"});
    // (who, where, the rest of the body, the field, what it names)
    let contacts = format!("/v1/partnerships/{}/contacts", world.pair.partnership);
    let contact =
        json!({"name": "Nora", "role": "Manager", "reasons": [{"reason": "tax", "detail": null}]});
    let cases: [(&Actor, &str, &Value, &str, Value); 8] = [
        (
            &world.pair.b.admin,
            &contacts,
            &contact,
            "member_id",
            member.clone(),
        ),
        (
            &world.pair.b.admin,
            &lead,
            &json!({}),
            "member_id",
            member.clone(),
        ),
        (
            &world.pair.b.admin,
            &steps,
            &follow_up,
            "follows_id",
            followed.clone(),
        ),
        // Not even who sees both steps joins two partnerships.
        (
            &world.pair.a.admin,
            &steps,
            &follow_up,
            "follows_id",
            followed,
        ),
        (
            &world.pair.b.admin,
            &steps,
            &step,
            "introduction_id",
            json!(introduction),
        ),
        (
            &world.pair.b.admin,
            &steps,
            &step,
            "owner_member_id",
            member,
        ),
        (
            &world.stranger.admin,
            &consents,
            &consent,
            "partnership_id",
            partnership,
        ),
        (
            &world.pair.b.admin,
            &introductions,
            &json!({}),
            "client_id",
            json!(client),
        ),
    ];
    let mut found = Vec::new();
    for (actor, path, rest, field, foreign) in cases {
        let mut answers = Vec::new();
        for named in [foreign, nowhere.clone()] {
            let mut body = rest.clone();
            body[field] = named;
            let answer = actor
                .post_with(path, &[("x-request-id", "the-same")], body)
                .await;
            answers.push(format!("{} {}", answer.status, answer.text()));
        }
        if answers[0] != answers[1] || !answers[0].starts_with("422") {
            found.push(format!(
                "{field} at {path}: {} and {}",
                answers[0], answers[1]
            ));
        }
    }
    nothing(&found, "a foreign name in a body is an unknown one");
}

#[tokio::test]
async fn an_id_that_another_firm_has_taken_says_nothing_of_what_holds_it() {
    let world = World::new().await;
    let client = world.request("get_client", "").await.ids.remove(0);
    let body = json!({"id": client, "name": "Mary Greene"});
    let answer = world.stranger.admin.post("/v1/clients", body).await;
    assert_eq!(answer.problem(409), "id-taken");
    assert!(
        answer.json().get("existing_id").is_none(),
        "{}",
        answer.text()
    );
    // The same firm learns no more of an id of its own that it took with another body.
    let body = json!({"id": client, "name": "Somebody Else"});
    assert_eq!(
        world
            .pair
            .a
            .admin
            .post("/v1/clients", body)
            .await
            .problem(409),
        "id-taken"
    );
}

#[tokio::test]
async fn a_strangers_lists_hold_nothing_of_others() {
    let world = World::new().await;
    for operation in [
        "get_client",
        "get_introduction",
        "get_action_step",
        "revoke_api_client",
        "accept_partnership",
    ] {
        world.request(operation, "").await;
    }
    let mut found = Vec::new();
    for operation in world.documented.operations() {
        let document = &world.documented.document;
        if !operation.is_list(document) || !operation.parameter_names(document, "path").is_empty() {
            continue;
        }
        // It is a member itself, and is signed in.
        let own = ["list_members", "list_sessions"];
        let ours = usize::from(own.contains(&operation.id.as_str()));
        let page = world.stranger.admin.get(&operation.path).await.expect(200);
        if operation.id == "list_audit_entries" {
            // Its own doings are its own.
            let me = world.stranger.admin.get("/v1/me").await.expect(200)["id"].clone();
            let entries = page["data"].as_array().unwrap();
            if entries.iter().any(|entry| entry["actor_id"] != me) {
                found.push(format!("{}: {page}", operation.id));
            }
            continue;
        }
        if page["data"].as_array().unwrap().len() != ours {
            found.push(format!("{}: {page}", operation.id));
        }
        if operation
            .parameter_names(document, "query")
            .iter()
            .any(|name| name == "partnership_id")
        {
            let path = format!(
                "{}?partnership_id={}",
                operation.path, world.pair.partnership
            );
            let page = world.stranger.admin.get(&path).await.expect(200);
            if page["data"] != json!([]) {
                found.push(format!("{path}: {page}"));
            }
        }
    }
    nothing(&found, "a stranger's lists hold its own alone");
}

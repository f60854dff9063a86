//! Lists: pages of a size, cursors that are good for one list, one firm and one filter, and a walk that
//! meets every item once.

use std::collections::BTreeSet;

use quid::platform::auth::Role;
use serde_json::{Value, json};

use super::documented::{Operation, followed};
use super::nothing;
use super::world::{Body, Request, World, an_outcome};
use crate::support::{Actor, Answer};

/// A list at an address, with three items or more.
struct List {
    operation: Operation,
    path: String,
    /// A filter that leaves some.
    filter: Option<String>,
}

/// What the paths of lists name.
struct Named {
    client: String,
    introduction: String,
    step: String,
    playbook: String,
    meeting: String,
}

/// Every list, filled.
async fn lists(world: &World) -> Vec<List> {
    let named = fill(world).await;
    let mut all = Vec::new();
    for operation in world.documented.operations() {
        if !operation.is_list(&world.documented.document) {
            continue;
        }
        let path = operation
            .path
            .replace("{partnership_id}", &world.pair.partnership)
            .replace("{client_id}", &named.client)
            .replace("{introduction_id}", &named.introduction)
            .replace("{action_step_id}", &named.step)
            .replace("{playbook_id}", &named.playbook)
            .replace("{meeting_id}", &named.meeting);
        assert!(
            !path.contains('{'),
            "{}: say in this test what its path names",
            operation.id
        );
        let filter = filter(world, &operation);
        all.push(List {
            operation,
            path,
            filter,
        });
    }
    assert!(all.len() > 5);
    all
}

/// Makes some of each thing, a second apart: among them a client with several consents, an
/// introduction with several stages, and a step that was moved several times.
async fn fill(world: &World) -> Named {
    let admin = &world.pair.a.admin;
    let made = [
        "create_client",
        "create_introduction",
        "create_action_step",
        "create_api_client",
        "create_member_invitation",
        "propose_partnership",
        "create_contribution",
        "create_playbook",
        "apply_playbook",
        "cascade_action_step",
        "create_plan_version",
        "decide_plan",
        "create_contact",
        "create_touchpoint",
        "create_meeting",
        "create_agenda_item",
        // What B reads of it is a disclosure to B.
        "record_outcome",
    ];
    let due = ["2026-05-01", "2026-04-01", "2026-04-01", "2026-06-01"];
    for due in due {
        for operation in made {
            world.quid.hand.advance_seconds(1);
            let mut request = world.request(operation, "").await;
            if operation == "create_action_step" {
                request = request.with("due_on", json!(due));
            }
            let by = match operation {
                "record_outcome" => &world.pair.b.admin,
                _ => admin,
            };
            assert!(request.send(by).await.status.is_success(), "{operation}");
        }
        world.quid.member(&world.pair.a, Role::Advisor).await;
        world.quid.sign_in(&world.pair.a.email).await;
        let note = world.request("create_partnership_note", "").await;
        note.send(admin).await.expect(201);
    }
    world.agree_on_ideal_client(&world.pair.partnership).await;
    world.agree_on_custom_metric(&world.pair.partnership).await;
    let readings = format!(
        "/v1/partnerships/{}/metric-readings",
        world.pair.partnership
    );
    for figure in 1..=4 {
        world.quid.hand.advance_seconds(1);
        let reading = json!({"key": "articles", "measured_on": "2026-03-02", "figure": figure});
        admin.post(&readings, reading).await.expect(201);
    }
    let terms = format!("/v1/partnerships/{}/terms", world.pair.partnership);
    for review in ["2027-01-01", "2027-02-01", "2027-03-01"] {
        world.quid.hand.advance_seconds(1);
        let changed = admin.patch(&terms, json!({"review_on": review})).await;
        changed.expect(200);
    }
    Named {
        client: consented(world).await,
        introduction: advanced(world).await,
        step: moved(world).await,
        playbook: revised(world).await,
        meeting: spoken(world).await,
    }
}

/// A meeting of which several things came.
async fn spoken(world: &World) -> String {
    let meeting = world.meeting().await;
    let path = format!("/v1/meetings/{meeting}/outcomes");
    for number in 1..=4 {
        world.quid.hand.advance_seconds(1);
        let made = world.pair.a.admin.post(&path, an_outcome(number)).await;
        made.expect(201);
    }
    meeting
}

/// A client that gave consent and took it back, again and again.
async fn consented(world: &World) -> String {
    let admin = &world.pair.a.admin;
    let consent = world.request("record_consent", "").await;
    for _ in 0..4 {
        world.quid.hand.advance_seconds(1);
        let made = consent.send(admin).await.expect(201);
        let path = format!("/v1/consents/{}/withdraw", made["id"].as_str().unwrap());
        admin.post(&path, Value::Null).await.expect(200);
    }
    consent.ids[0].clone()
}

/// An introduction that has come to a meeting.
async fn advanced(world: &World) -> String {
    let introduced = world.request("record_stage", "introduced").await;
    for stage in ["introduced", "meeting_set", "met"] {
        world.quid.hand.advance_seconds(1);
        let report = Request {
            body: Body::Json(json!({"stage": stage})),
            ..introduced.clone()
        };
        report.send(&world.pair.b.admin).await.expect(200);
    }
    introduced.ids[0].clone()
}

/// A step whose date was moved, and moved; that was done, and for which something is shown.
async fn moved(world: &World) -> String {
    let step = world.request("reschedule_action_step", "").await;
    for due in ["2026-04-02", "2026-04-03", "2026-04-04", "2026-04-05"] {
        world.quid.hand.advance_seconds(1);
        let moved = step.with("due_on", json!(due));
        moved.send(&world.pair.a.admin).await.expect(200);
    }
    let at = |verb: &str| format!("/v1/action-steps/{}/{verb}", step.ids[0]);
    let reason = json!({"reason": "It came back unsigned."});
    for (verb, body) in [("complete", json!({})), ("reopen", reason)] {
        world.quid.hand.advance_seconds(1);
        let done = world.pair.a.admin.post(&at(verb), body).await;
        done.expect(200);
        let shown = json!({"kind": "note", "text": format!("After {verb}.")});
        for _ in 0..2 {
            let shown = world
                .pair
                .a
                .admin
                .post(&at("evidence"), shown.clone())
                .await;
            shown.expect(201);
        }
    }
    step.ids[0].clone()
}

/// A playbook that was written anew, again and again.
async fn revised(world: &World) -> String {
    let written = world.request("create_playbook", "").await;
    let admin = &world.pair.a.admin;
    let made = written.send(admin).await.expect(201);
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/playbooks/{id}");
    for name in ["Gold", "Silver", "Bronze"] {
        world.quid.hand.advance_seconds(1);
        let changed = admin.patch(&path, json!({"name": name})).await;
        changed.expect(200);
    }
    id
}

/// A filter of a list, from what the document says of its first parameter.
fn filter(world: &World, operation: &Operation) -> Option<String> {
    let document = &world.documented.document;
    let parameters = operation.parameters(document);
    let own = parameters
        .iter()
        .find(|one| one["in"] == "query" && one["name"] != "limit" && one["name"] != "cursor")?;
    let name = own["name"].as_str().unwrap();
    let branches = own["schema"]["oneOf"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let schema = followed(
        document,
        branches
            .iter()
            .find(|one| one["type"] != "null")
            .unwrap_or(&own["schema"]),
    );
    let value = match (name, schema["format"].as_str(), schema["enum"].as_array()) {
        ("partnership_id", ..) => world.pair.partnership.clone(),
        ("key", ..) => "articles".to_owned(),
        ("actor_id", ..) => "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000".to_owned(),
        (_, Some("date"), _) => "2026-03-01".to_owned(),
        (_, Some("email"), _) => "mary@example.org".to_owned(),
        (_, _, Some(words)) => words[0].as_str().unwrap().to_owned(),
        other => panic!(
            "{}: say in this test what to filter {name} by: {other:?}",
            operation.id
        ),
    };
    Some(format!("{name}={value}"))
}

fn items(page: &Value) -> Vec<Value> {
    page["data"]
        .as_array()
        .unwrap_or_else(|| panic!("no page: {page}"))
        .clone()
}

/// Where `Link: rel="next"` leads.
fn next(answer: &Answer) -> Option<String> {
    let link = answer.header("link");
    let (address, relation) = link.strip_prefix('<')?.split_once('>')?;
    relation
        .contains("rel=\"next\"")
        .then(|| address.to_owned())
}

struct Check {
    found: Vec<String>,
}

impl Check {
    async fn refused(&mut self, actor: &Actor, address: &str, pointer: &str) {
        let answer = actor.get(address).await;
        let told = answer.json();
        let named = told["errors"]
            .as_array()
            .is_some_and(|errors| errors.iter().any(|one| one["pointer"] == pointer));
        if answer.status != 400 || told["type"] != "/problems/malformed-request" || !named {
            self.found.push(format!(
                "{address}: expected 400 naming {pointer}, got {} {}",
                answer.status,
                answer.text()
            ));
        }
    }
}

#[tokio::test]
async fn a_limit_is_1_to_200() {
    let world = World::new().await;
    let mut check = Check { found: Vec::new() };
    let admin = &world.pair.a.admin;
    for list in lists(&world).await {
        let path = &list.path;
        for limit in [
            "0",
            "201",
            "-1",
            "1.5",
            "abc",
            "",
            "+1",
            "1e1",
            "99999999999999999999",
        ] {
            check
                .refused(admin, &format!("{path}?limit={limit}"), "limit")
                .await;
        }
        check
            .refused(
                admin,
                &format!("{path}?no_such_parameter=1"),
                "no_such_parameter",
            )
            .await;
        let twice = format!("{path}?limit=1&limit=2");
        check.refused(admin, &twice, "limit").await;
        for (limit, size) in [("1", 1), ("200", usize::MAX)] {
            let answer = admin.get(&format!("{path}?limit={limit}")).await;
            let complaints = world.documented.complaints(&list.operation, &answer);
            check
                .found
                .extend(complaints.into_iter().map(|one| format!("{path}: {one}")));
            let page = answer.expect(200);
            if items(&page).is_empty() || items(&page).len() > size {
                check.found.push(format!(
                    "{path}: {} items at a limit of {limit}",
                    items(&page).len()
                ));
            }
        }
    }
    nothing(&check.found, "a limit of 1 to 200, and nothing else");
}

#[tokio::test]
async fn a_wrong_filter_is_refused_by_name() {
    let world = World::new().await;
    let mut check = Check { found: Vec::new() };
    for list in lists(&world).await {
        for parameter in list.operation.parameters(&world.documented.document) {
            let name = parameter["name"].as_str().unwrap();
            if parameter["in"] == "query" && name != "cursor" {
                for wrong in ["no-such-value", "%00", "%FF", ""] {
                    check
                        .refused(
                            &world.pair.a.admin,
                            &format!("{}?{name}={wrong}", list.path),
                            name,
                        )
                        .await;
                }
            }
        }
    }
    nothing(
        &check.found,
        "a filter that can't be read is an error that names it",
    );
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_firm_and_filters_alone() {
    let world = World::new().await;
    let mut check = Check { found: Vec::new() };
    let (admin, lists) = (&world.pair.a.admin, lists(&world).await);
    let mut cursors = Vec::new();
    for list in &lists {
        let page = admin
            .get(&format!("{}?limit=1", list.path))
            .await
            .expect(200);
        cursors.push(
            page["next_cursor"]
                .as_str()
                .unwrap_or_else(|| panic!("{}: one page alone", list.path))
                .to_owned(),
        );
    }
    for (place, list) in lists.iter().enumerate() {
        let (path, cursor) = (&list.path, &cursors[place]);
        // Another size goes on where the first left off.
        admin
            .get(&format!("{path}?limit=2&cursor={cursor}"))
            .await
            .expect(200);
        let mut forged: Vec<String> = (0..cursor.len())
            .step_by(5)
            .map(|at| {
                let other = if cursor.as_bytes()[at] == b'A' {
                    "B"
                } else {
                    "A"
                };
                format!("{}{other}{}", &cursor[..at], &cursor[at + 1..])
            })
            .collect();
        forged.extend([
            String::new(),
            "abc".to_owned(),
            "%F0%9F%98%80".to_owned(),
            format!("{cursor}A"),
            "A".repeat(5000),
        ]);
        forged.push(cursor[..cursor.len() - 1].to_owned());
        for cursor in forged {
            check
                .refused(admin, &format!("{path}?cursor={cursor}"), "cursor")
                .await;
        }
        if let Some(filter) = &list.filter {
            check
                .refused(admin, &format!("{path}?{filter}&cursor={cursor}"), "cursor")
                .await;
            let filtered = admin
                .get(&format!("{path}?{filter}&limit=1"))
                .await
                .expect(200);
            if let Some(cursor) = filtered["next_cursor"].as_str() {
                check
                    .refused(admin, &format!("{path}?cursor={cursor}"), "cursor")
                    .await;
                admin
                    .get(&format!("{path}?limit=3&cursor={cursor}&{filter}"))
                    .await
                    .expect(200);
            }
        }
        let another = &cursors[(place + 1) % cursors.len()];
        check
            .refused(admin, &format!("{path}?cursor={another}"), "cursor")
            .await;
        // A client is its firm's alone, and so is a playbook; there the address itself is not there for the other.
        let own = ["{client_id}", "{playbook_id}"];
        if !own.iter().any(|name| list.operation.path.contains(name)) {
            check
                .refused(
                    &world.pair.b.admin,
                    &format!("{path}?cursor={cursor}"),
                    "cursor",
                )
                .await;
        }
    }
    nothing(
        &check.found,
        "a cursor opens where it was made and nowhere else",
    );
}

/// Follows the links from page to page, one item at a time.
async fn walk(check: &mut Check, admin: &Actor, path: &str, query: &str) -> Vec<Value> {
    let mut address = format!("{path}?{query}");
    let mut all = Vec::new();
    for _ in 0..200 {
        let answer = admin.get(&address).await;
        let link = next(&answer);
        let page = answer.expect(200);
        all.extend(items(&page));
        let cursor = page["next_cursor"].as_str();
        if let (Some(link), Some(cursor)) = (&link, cursor) {
            let (there, parameters) = link.split_once('?').unwrap_or((link, ""));
            let mut told: Vec<_> = url::form_urlencoded::parse(parameters.as_bytes())
                .into_owned()
                .collect();
            let mut expected: Vec<_> = url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect();
            expected.push(("cursor".to_owned(), cursor.to_owned()));
            told.sort();
            expected.sort();
            if there != path || told != expected {
                check.found.push(format!("{address}: Link leads to {link}"));
            }
        }
        if link.is_some() != cursor.is_some() {
            check
                .found
                .push(format!("{address}: next_cursor {cursor:?}, Link {link:?}"));
        }
        match cursor {
            Some(_) if items(&page).len() != 1 => check
                .found
                .push(format!("{address}: a page of {}", items(&page).len())),
            _ => {}
        }
        match link {
            Some(link) => address = link,
            None => return all,
        }
    }
    check.found.push(format!("{path}?{query}: no end"));
    all
}

#[tokio::test]
async fn a_walk_by_one_meets_every_item_once_in_the_order_of_one_page() {
    let world = World::new().await;
    let mut check = Check { found: Vec::new() };
    let admin = &world.pair.a.admin;
    for list in lists(&world).await {
        let filters = std::iter::once(String::new())
            .chain(list.filter.clone().map(|filter| format!("&{filter}")));
        for filter in filters {
            let whole = admin
                .get(&format!("{}?limit=200{filter}", list.path))
                .await
                .expect(200);
            let (whole, walked) = (
                items(&whole),
                walk(&mut check, admin, &list.path, &format!("limit=1{filter}")).await,
            );
            let ids: BTreeSet<_> = walked.iter().map(Value::to_string).collect();
            if walked != whole || ids.len() != whole.len() {
                check.found.push(format!(
                    "{}?{filter}: {} items in one page, {} on the walk",
                    list.path,
                    whole.len(),
                    walked.len()
                ));
            }
            if filter.is_empty() && whole.len() < 3 {
                check.found.push(format!(
                    "{}: {} items are too few for this test",
                    list.path,
                    whole.len()
                ));
            }
            check.found.extend(out_of_order(&list, &whole));
        }
    }
    nothing(&check.found, "every item once, in order");
}

/// The order that the document tells.
fn out_of_order(list: &List, items: &[Value]) -> Option<String> {
    let told = list.operation.value["description"]
        .as_str()
        .unwrap_or_default();
    let kept = |names: &[&str], holds: fn(&str, &str) -> bool| {
        let text = |item: &Value| {
            let there = names.iter().find_map(|name| item[*name].as_str());
            there
                .unwrap_or_else(|| panic!("{}: by what?", list.path))
                .to_owned()
        };
        items
            .windows(2)
            .all(|pair| holds(&text(&pair[0]), &text(&pair[1])))
    };
    let instants = [
        "recorded_at",
        "moved_at",
        "changed_at",
        "created_at",
        "disclosed_at",
        "done_at",
        "offered_at",
    ];
    let in_order = if told.contains("newest first") {
        kept(&instants, |one, next| one >= next)
    } else if told.contains("oldest first") {
        kept(&instants, |one, next| one <= next)
    } else if told.contains("by due date") {
        kept(&["due_on"], |one, next| one <= next)
    } else {
        true
    };
    (!in_order).then(|| format!("{}: not in the order that it tells: {told}", list.path))
}

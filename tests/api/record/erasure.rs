//! A person who is erased is nowhere any more; what is counted stays.

use serde_json::{Value, json};

use crate::support::{self, Pair, Quid};

const NAME: &str = "Wilhelmina Canary";
const TRACES: [&str; 5] = [
    "canary",
    "wilhelmina",
    "555-0147",
    "3035550147",
    "plays the harp",
];

/// Every row of every table, as text.
async fn everything(quid: &Quid) -> String {
    let client = quid.db.connect().await;
    let tables = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1";
    let mut all = String::new();
    for table in client.query(tables, &[]).await.unwrap() {
        let table: String = table.get(0);
        let rows = client
            .query(&format!("SELECT t::text FROM {table} t"), &[])
            .await
            .unwrap();
        for row in rows {
            let text: String = row.get(0);
            all.push_str(&format!("{table}: {text}\n"));
        }
    }
    all
}

fn traces(all: &str) -> Vec<String> {
    let named = |line: &&str| {
        let line = line.to_lowercase();
        TRACES.iter().any(|trace| line.contains(trace))
    };
    all.lines().filter(named).map(str::to_owned).collect()
}

/// A client whose name stands wherever somebody can write it.
async fn canary(pair: &Pair) -> (String, String) {
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let body = json!({
        "name": NAME, "email": "canary@mail.example", "phone": "(303) 555-0147", "notes": "She plays the harp.",
        "attributes": {"investable_assets": 1_250_000}, "traits": ["business_owner"],
    });
    let put = "/v1/clients/by-external-id/salesforce/canary-003";
    let client = a.put(put, body).await.expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let sister = json!({"name": "Ines Moreau", "notes": format!("Sister of {NAME}.")});
    a.post("/v1/clients", sister).await.expect(201);
    let drafts = format!("/v1/partnerships/{}/introductions", pair.partnership);
    let draft = json!({"client_id": client, "summary": format!("{NAME} sells.")});
    let made = a.post(&drafts, draft).await.expect(201);
    let path = format!("/v1/introductions/{}", made["id"].as_str().unwrap());
    a.post(&format!("{path}/offer"), Value::Null)
        .await
        .expect(200);
    let consents = format!("/v1/clients/{client}/consents");
    let consent = json!({"partnership_id": pair.partnership, "given_on": "2026-03-01", "method": "written", "scope": "All that Canary said."});
    a.post(&consents, consent).await.expect(201);
    b.post(&format!("{path}/accept"), Value::Null)
        .await
        .expect(200);
    let id = json!({"system": "hubspot", "external_id": "deal-canary"});
    b.post(&format!("{path}/link"), id).await.expect(200);
    for body in [
        json!({"stage": "met", "note": "Ms Canary came along."}),
        json!({"stage": "engaged", "realised_value": {"amount_minor": 90_000, "currency": "USD"}}),
    ] {
        b.post(&format!("{path}/stages"), body).await.expect(200);
    }
    let outcome = json!({"words": format!("{NAME} is content."), "rating": 4});
    b.post(&format!("{path}/outcome"), outcome)
        .await
        .expect(200);
    let steps = format!("/v1/partnerships/{}/action-steps", pair.partnership);
    let step = json!({
        "owner": "us", "kind": "client_conversation", "channel": "phone", "topic": "The sale, with Canary",
        "introduction_id": made["id"], "title": "Call Wilhelmina", "detail": "555-0147", "due_on": "2026-03-20",
    });
    let step = a.post(&steps, step).await.expect(201)["id"].clone();
    let step = format!("/v1/action-steps/{}", step.as_str().unwrap());
    let moved = json!({"due_on": "2026-03-21", "reason": "Canary is abroad."});
    a.post(&format!("{step}/reschedule"), moved)
        .await
        .expect(200);
    let shown = json!({"kind": "note", "text": "Canary called back."});
    a.post(&format!("{step}/evidence"), shown).await.expect(201);
    let other = json!({"owner": "them", "kind": "internal", "title": format!("Thank {NAME}"), "due_on": "2026-03-20"});
    a.post(&steps, other).await.expect(201);
    let terms = format!("/v1/partnerships/{}/terms", pair.partnership);
    let paid = json!({"compensation": {"kind": "none", "basis_points": null, "amount": null, "paid_by": null, "disclosed_to_clients": null, "note": format!("Nothing for {NAME}.")}});
    b.patch(&terms, paid).await.expect(200);
    b.patch(&terms, json!({"exclusive": true}))
        .await
        .expect(200);
    let given = format!("/v1/partnerships/{}/contributions", pair.partnership);
    let advice = json!({"kind": "advice", "words": format!("How {NAME} sells."), "happened_on": "2026-03-01"});
    let advice = a.post(&given, advice).await.expect(201);
    let decline = format!(
        "/v1/contributions/{}/decline",
        advice["id"].as_str().unwrap()
    );
    let reason = json!({"reason": format!("{NAME} knew it before.")});
    b.post(&decline, reason).await.expect(200);
    let notes = format!("/v1/partnerships/{}/notes", pair.partnership);
    let note = json!({"body": format!("Dana likes {NAME}.")});
    a.post(&notes, note).await.expect(201);
    spoken_of(pair).await;
    laid_out(pair).await;
    (client, path)
}

/// Two conversations in which everybody names the client.
async fn spoken_of(pair: &Pair) {
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let at = |what: &str| format!("/v1/partnerships/{}/{what}", pair.partnership);
    let reason = |why: &str| json!({"reason": format!("{NAME} {why}.")});
    let held =
        json!({"held_at": "2026-03-02T09:00:00Z", "minutes_text": format!("Both like {NAME}.")});
    a.post(&at("meetings"), held).await.expect(201);
    let planned = json!({"starts_at": "2026-03-05T20:00:00Z"});
    let made = b.post(&at("meetings"), planned).await.expect(201);
    let meeting = format!("/v1/meetings/{}", made["id"].as_str().unwrap());
    let mut moved = reason("is abroad");
    moved["starts_at"] = json!("2026-03-06T20:00:00Z");
    b.post(&format!("{meeting}/move"), moved).await.expect(200);
    a.post(&format!("{meeting}/skip"), reason("is ill"))
        .await
        .expect(200);
    let note = format!("{meeting}/note");
    let tag = a.get(&note).await.header("etag").to_owned();
    let body = json!({"body": format!("{NAME} may leave.")}).to_string();
    let sent = [("if-match", tag.as_str())];
    let put = a.send(reqwest::Method::PUT, &note, &sent, Some(body.into_bytes()));
    put.await.expect(200);
    let item = json!({"title": "About Ms Wilhelmina Canary", "detail": format!("{NAME} called.")});
    let item = b.post(&at("agenda-items"), item).await.expect(201);
    let resolve = format!("/v1/agenda-items/{}/resolve", item["id"].as_str().unwrap());
    let resolution = json!({"resolution": format!("{NAME} is content.")});
    a.post(&resolve, resolution).await.expect(200);
}

/// A playbook that names the client in each of its texts, in two versions.
async fn laid_out(pair: &Pair) {
    let a = &pair.a.admin;
    let step = json!({
        "key": "call", "title": format!("Call {NAME}"), "detail": "555-0147", "owner": "us", "kind": "client_conversation",
        "channel": "phone", "topic": format!("What {NAME} sells"), "after": [], "length_days": 1,
    });
    let playbook = json!({
        "name": format!("As with {NAME}"), "description": format!("It went well with {NAME}."),
        "applies_to": "introduction", "skips_days_off": true, "steps": [step],
    });
    let made = a.post("/v1/playbooks", playbook).await.expect(201);
    let path = format!("/v1/playbooks/{}", made["id"].as_str().unwrap());
    let other = json!({"description": null});
    a.patch(&path, other).await.expect(200);
}

#[tokio::test]
async fn after_an_erasure_no_table_has_a_trace_and_the_counts_stay() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (client, path) = canary(&pair).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    assert!(traces(&everything(&quid).await).len() > 10);
    let address = format!("/v1/clients/{client}");
    assert_eq!(a.delete(&address).await.status, 204);
    assert_eq!(traces(&everything(&quid).await), Vec::<String>::new());

    assert_eq!(a.get(&address).await.problem(404), "not-found");
    assert_eq!(a.delete(&address).await.problem(404), "not-found");
    for admin in [a, b] {
        let left = admin.get(&path).await.expect(200);
        assert_eq!(left["client"]["erased"], true);
        assert_eq!(left["client"]["sealed"], true);
        assert_eq!(left["client"]["name"], Value::Null);
        assert_eq!(left["stage"], "engaged");
        assert_eq!(left["realised_value"]["amount_minor"], 90_000);
        assert_eq!(left["outcome"]["rating"], 4);
        let history = admin.get(&format!("{path}/stages")).await.expect(200);
        let count = history["data"].as_array().unwrap().len();
        assert_eq!(count, if std::ptr::eq(admin, a) { 5 } else { 4 });
    }
    let db = quid.db.connect().await;
    let query = "SELECT count(*) FROM changes WHERE action = 'erased' AND kind = 'introduction'";
    let told: i64 = db.query_one(query, &[]).await.unwrap().get(0);
    assert_eq!(told, 2, "both firms are told");
    // Whatever was given another version is told, the firm's own alone to the firm.
    let query = "SELECT count(*) FROM changes WHERE kind = $1 AND action = $2 AND version = $3";
    for (kind, action, version, firms) in [
        ("consent", "withdraw", 2, 1),
        ("partnership_note", "updated", 2, 1),
        // Both versions are rewritten; the one in force is named, after the change that made it.
        ("partnership_terms", "updated", 2, 4),
        ("partnership", "updated", 4, 0),
        ("contribution", "updated", 3, 2),
        // One for the change that made the second version, and one for both that were rewritten.
        ("playbook", "updated", 2, 2),
    ] {
        let row = db.query_one(query, &[&kind, &action, &version]).await;
        let told: i64 = row.unwrap().get(0);
        assert_eq!(told, firms, "{kind}");
    }
}

#[tokio::test]
async fn an_open_introduction_of_an_erased_client_is_withdrawn() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer("Mary Greene").await;
    let client = pair.a.admin.get(&path).await.expect(200)["client"]["id"].clone();
    let address = format!("/v1/clients/{}", client.as_str().unwrap());
    assert_eq!(pair.a.admin.delete(&address).await.status, 204);
    let left = pair.b.admin.get(&path).await.expect(200);
    assert_eq!(left["stage"], "withdrawn");
    let refused = pair
        .b
        .admin
        .post(&format!("{path}/accept"), Value::Null)
        .await;
    assert_eq!(refused.problem(409), "state-forbids");
    // Nobody drafts another for whom there is no record.
    let drafts = format!("/v1/partnerships/{}/introductions", pair.partnership);
    let body = json!({"client_id": client});
    let refused = pair.a.admin.post(&drafts, body).await;
    assert_eq!(
        refused.errors(),
        [("/client_id".to_owned(), "unknown".to_owned())]
    );
}

#[tokio::test]
async fn a_legal_hold_forbids_erasure_until_it_is_lifted() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let client = pair.client("Mary Greene").await;
    let address = format!("/v1/clients/{client}");
    let a = &pair.a.admin;
    let reason = json!({"reason": "Matter 114"});
    let held = a.post(&format!("{address}/hold"), reason.clone()).await;
    assert_eq!(held.expect(200)["legal_hold"]["reason"], "Matter 114");
    let again = a.post(&format!("{address}/hold"), reason).await;
    assert_eq!(again.problem(409), "state-forbids");
    let refused = a.delete(&address).await;
    assert_eq!(refused.problem(409), "state-forbids");
    assert_eq!(refused.json()["allowed"], json!(["release"]));
    let free = a.post(&format!("{address}/release"), Value::Null).await;
    assert_eq!(free.expect(200)["legal_hold"], Value::Null);
    assert_eq!(a.delete(&address).await.status, 204);
}

#[tokio::test]
async fn a_consent_that_runs_out_is_told_to_both_feeds_once() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer("Mary Greene").await;
    let client = pair.a.admin.get(&path).await.expect(200)["client"]["id"].clone();
    let body = json!({"partnership_id": pair.partnership, "given_on": "2026-03-01", "method": "verbal", "ends_on": "2026-03-05"});
    let consents = format!("/v1/clients/{}/consents", client.as_str().unwrap());
    pair.a.admin.post(&consents, body).await.expect(201);
    quid.hand.advance_seconds(7 * 24 * 3600);
    quid.come_round("expire_consents").await;
    quid.come_round("expire_consents").await;
    let db = quid.db.connect().await;
    let count = "SELECT count(*) FILTER (WHERE kind = 'consent'), count(*) FILTER (WHERE kind = 'introduction') FROM changes WHERE actor_id IS NULL";
    let row = db.query_one(count, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (1, 2));
}

#[tokio::test]
async fn what_a_firm_keeps_no_longer_is_erased_and_nothing_else() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let admin = &pair.a.admin;
    let keep = json!({"retention_months": 12});
    admin.patch("/v1/firm", keep).await.expect(200);
    let old = pair.client("Old Record").await;
    let held = pair.client("Held Record").await;
    let reason = json!({"reason": "Matter 114"});
    admin
        .post(&format!("/v1/clients/{held}/hold"), reason)
        .await
        .expect(200);
    let asked = pair.client("Asked For Consent").await;
    let open = pair.offer("Open Introduction").await;
    let open = admin.get(&open).await.expect(200)["client"]["id"].clone();
    // Of a firm that has set no time.
    let other = json!({"name": "Kept For Ever"});
    let kept = pair.b.admin.post("/v1/clients", other).await.expect(201)["id"].clone();
    quid.come_round("retain").await;
    quid.hand.advance_seconds(360 * 24 * 3600);
    let a = quid.sign_in(&pair.a.email).await;
    let b = quid.sign_in(&pair.b.email).await;
    let fresh = a.post("/v1/clients", json!({"name": "Fresh Record"})).await;
    let fresh = fresh.expect(201)["id"].clone();
    let consent =
        json!({"partnership_id": pair.partnership, "given_on": "2026-03-01", "method": "verbal"});
    a.post(&format!("/v1/clients/{asked}/consents"), consent)
        .await
        .expect(201);
    quid.come_round("retain").await;
    a.get(&format!("/v1/clients/{old}")).await.expect(200);
    quid.hand.advance_seconds(10 * 24 * 3600);
    quid.come_round("retain").await;
    let a = quid.sign_in(&pair.a.email).await;
    let b_again = quid.sign_in(&pair.b.email).await;
    drop(b);
    let status = |actor: &support::Actor, id: &str| {
        let (actor, path) = (actor.clone(), format!("/v1/clients/{id}"));
        async move { actor.get(&path).await.status.as_u16() }
    };
    assert_eq!(status(&a, &old).await, 404);
    for id in [
        held.as_str(),
        asked.as_str(),
        open.as_str().unwrap(),
        fresh.as_str().unwrap(),
    ] {
        assert_eq!(status(&a, id).await, 200, "{id}");
    }
    assert_eq!(status(&b_again, kept.as_str().unwrap()).await, 200);
}

/// Somebody does something to a client, with what this gives, in a transaction that commits once another
/// waits for it; what came of the other.
async fn meanwhile<T>(quid: &Quid, client: &str, doing: &str, other: impl Future<Output = T>) -> T {
    let mut past_the_service = quid.db.connect().await;
    let watch = quid.db.connect().await;
    let held = past_the_service.transaction().await.unwrap();
    let rows = held.execute(doing, &[&client]).await.unwrap();
    assert_eq!(rows, 1);
    let waiting = "SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let mut other = std::pin::pin!(other);
    loop {
        tokio::select! {
            _ = &mut other => panic!("it did not wait"),
            row = watch.query_one(waiting, &[]) => if row.unwrap().get::<_, i64>(0) > 0 { break },
        }
    }
    held.commit().await.unwrap();
    other.await
}

#[tokio::test]
async fn a_client_that_somebody_works_on_at_the_moment_of_its_erasure_is_kept() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let keep = json!({"retention_months": 12});
    pair.a.admin.patch("/v1/firm", keep).await.expect(200);
    let client = pair.client("Mary Greene").await;
    quid.hand.advance_seconds(370 * 24 * 3600);
    let touch = "UPDATE clients SET updated_at = updated_at + interval '300 days', version = version + 1 WHERE id = $1::text::uuid";
    meanwhile(&quid, &client, touch, quid.come_round("retain")).await;
    let a = quid.sign_in(&pair.a.email).await;
    a.get(&format!("/v1/clients/{client}")).await.expect(200);
}

#[tokio::test]
async fn no_consent_is_recorded_for_a_client_who_is_erased_at_the_same_moment() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let client = pair.client("Mary Greene").await;
    let erase = "WITH held AS (SELECT id FROM clients WHERE id = $1::text::uuid FOR UPDATE)
                 UPDATE clients c SET name = '(erased)', erased_at = c.updated_at, version = c.version + 1 FROM held WHERE c.id = held.id";
    let consents = format!("/v1/clients/{client}/consents");
    let body =
        json!({"partnership_id": pair.partnership, "given_on": "2026-03-01", "method": "verbal"});
    let recording = pair.a.admin.post(&consents, body);
    let refused = meanwhile(&quid, &client, erase, recording).await;
    assert_eq!(refused.problem(404), "not-found");
}

#[tokio::test]
async fn a_consent_that_gives_way_to_another_after_its_last_day_is_told_to_have_ended() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let client = pair.client("Mary Greene").await;
    let consents = format!("/v1/clients/{client}/consents");
    let body = json!({"partnership_id": pair.partnership, "given_on": "2026-03-01", "method": "verbal", "ends_on": "2026-03-05"});
    let first = pair.a.admin.post(&consents, body).await.expect(201);
    quid.hand.advance_seconds(7 * 24 * 3600);
    let a = quid.sign_in(&pair.a.email).await;
    let body =
        json!({"partnership_id": pair.partnership, "given_on": "2026-03-01", "method": "verbal"});
    a.post(&consents, body).await.expect(201);
    let db = quid.db.connect().await;
    let query = "SELECT action FROM changes WHERE resource_id = $1::text::uuid AND version = 2";
    let told = db
        .query_one(query, &[&first["id"].as_str().unwrap()])
        .await
        .unwrap();
    assert_eq!(told.get::<_, String>(0), "expire");
}

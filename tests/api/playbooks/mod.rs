//! Playbooks: written and versioned by one firm, previewed, laid out in one transaction.

mod npsp;

use serde_json::{Value, json};

use crate::support::{self, Actor, Pair};

fn step(key: &str, owner: &str, after: &[(Option<&str>, u32)]) -> Value {
    let after: Vec<Value> = after
        .iter()
        .map(|(key, count)| json!({"key": key, "lag": {"count": count, "unit": "days"}}))
        .collect();
    json!({"key": key, "title": format!("The {key}"), "detail": null, "owner": owner, "kind": "internal", "channel": null, "topic": null,
        "after": after, "length_days": 1})
}

/// The example of the module's documentation; the packet is the partner's.
fn gold() -> Value {
    json!({"name": "Gold", "applies_to": "partnership", "steps": [
        step("call", "us", &[(None, 1)]),
        step("packet", "partner", &[(Some("call"), 7)]),
        step("mail", "us", &[(Some("packet"), 5)])]})
}

async fn write(by: &Actor, body: Value) -> String {
    let made = by.post("/v1/playbooks", body).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

fn preview(pair: &Pair, playbook: &str, more: &str) -> String {
    let id = &pair.partnership;
    format!(
        "/v1/partnerships/{id}/playbook-preview?playbook_id={playbook}&start_on=2026-03-06{more}"
    )
}

fn applications(pair: &Pair) -> String {
    format!(
        "/v1/partnerships/{}/playbook-applications",
        pair.partnership
    )
}

#[tokio::test]
async fn what_is_previewed_is_what_is_laid_out() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let playbook = write(a, gold()).await;
    let told = a.get(&preview(&pair, &playbook, "")).await.expect(200);
    let dates: Vec<_> = told["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["due_on"].clone())
        .collect();
    assert_eq!(dates, ["2026-03-09", "2026-03-16", "2026-03-23"]);
    let timeline = format!("/v1/partnerships/{}/timeline", pair.partnership);
    assert_eq!(
        a.get(&timeline).await.expect(200)["data"],
        json!([]),
        "a preview writes nothing"
    );
    let body = json!({"playbook_id": playbook, "start_on": "2026-03-06"});
    let applied = a.post(&applications(&pair), body).await.expect(201);
    assert_eq!(applied["playbook_version"], 1);
    let steps = a.get(&timeline).await.expect(200)["data"].clone();
    let shown: Vec<_> = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["title"].clone(),
                one["state"].clone(),
                one["due_on"].clone(),
            )
        })
        .collect();
    let expected = [
        ("The call", "planned", "2026-03-09"),
        ("The packet", "proposed", "2026-03-16"),
        ("The mail", "planned", "2026-03-23"),
    ];
    assert_eq!(
        shown,
        expected.map(|(title, state, due)| (json!(title), json!(state), json!(due)))
    );
    let keys: Vec<_> = applied["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["key"].clone())
        .collect();
    assert_eq!(keys, ["call", "packet", "mail"]);
    // What waits for what stays with the steps.
    let mail = applied["steps"][2]["action_step_id"].as_str().unwrap();
    let waits = a
        .get(&format!("/v1/action-steps/{mail}/predecessors"))
        .await
        .expect(200);
    assert_eq!(
        waits["after"][0]["action_step_id"],
        applied["steps"][1]["action_step_id"]
    );
    // The partner sees its step, and neither the playbook nor that there is one.
    assert_eq!(
        b.get(&timeline).await.expect(200)["data"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert_eq!(
        b.get(&format!("/v1/playbooks/{playbook}"))
            .await
            .problem(404),
        "not-found"
    );
    assert_eq!(
        b.get(&applications(&pair)).await.expect(200)["data"],
        json!([])
    );
    let read = format!(
        "/v1/playbook-applications/{}",
        applied["id"].as_str().unwrap()
    );
    assert_eq!(b.get(&read).await.problem(404), "not-found");
    assert_eq!(a.get(&read).await.expect(200)["steps"], applied["steps"]);
}

#[tokio::test]
async fn the_sides_of_an_introduction_do_what_is_theirs() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let mut call = step("call", "receiver", &[(None, 1)]);
    call["kind"] = json!("client_conversation");
    call["channel"] = json!("phone");
    call["topic"] = json!("What brings you to us");
    let after = json!({"name": "After an introduction", "applies_to": "introduction", "steps": [call, step("thanks", "introducer", &[(Some("call"), 2)])]});
    let playbook = write(a, after).await;
    let offer = pair.offer("Mary Greene").await;
    let introduction = offer.rsplit('/').next().unwrap();
    let needed = a.get(&preview(&pair, &playbook, "")).await;
    assert_eq!(
        needed.errors(),
        [("introduction_id".to_owned(), "needed".to_owned())]
    );
    let told = a
        .get(&preview(
            &pair,
            &playbook,
            &format!("&introduction_id={introduction}"),
        ))
        .await
        .expect(200);
    assert_eq!(
        (&told["steps"][0]["owner"], &told["steps"][1]["owner"]),
        (&json!("them"), &json!("us"))
    );
    let body =
        json!({"playbook_id": playbook, "introduction_id": introduction, "start_on": "2026-03-06"});
    let applied = a.post(&applications(&pair), body).await.expect(201);
    let first = format!(
        "/v1/action-steps/{}",
        applied["steps"][0]["action_step_id"].as_str().unwrap()
    );
    let seen = b.get(&first).await.expect(200);
    assert_eq!(
        (&seen["owner"], &seen["introduction_id"]),
        (&json!("us"), &json!(introduction))
    );
    assert_eq!(seen["state"], "proposed");
}

#[tokio::test]
async fn all_of_a_playbook_is_laid_out_or_nothing() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let a = &pair.a.admin;
    let body = json!({"name": "With the other", "applies_to": "introduction", "steps": [step("own", "us", &[]), step("theirs", "partner", &[])]});
    let playbook = write(a, body).await;
    // A draft, which the partner does not see: so the second step can't be laid on it.
    let draft = pair.draft("Mary Greene").await;
    let introduction = draft.rsplit('/').next().unwrap();
    let body =
        json!({"playbook_id": playbook, "introduction_id": introduction, "start_on": "2026-03-06"});
    let refused = a.post(&applications(&pair), body).await;
    assert_eq!(refused.problem(422), "invalid-fields");
    let timeline = format!("/v1/partnerships/{}/timeline", pair.partnership);
    assert_eq!(a.get(&timeline).await.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn a_change_makes_a_version_and_what_was_laid_out_stays() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let a = &pair.a.admin;
    let playbook = write(a, gold()).await;
    let body = json!({"playbook_id": playbook, "start_on": "2026-03-06"});
    let applied = a.post(&applications(&pair), body.clone()).await.expect(201);
    let path = format!("/v1/playbooks/{playbook}");
    let changed = a
        .patch(
            &path,
            json!({"name": "Platinum", "steps": [step("call", "us", &[(None, 3)])]}),
        )
        .await
        .expect(200);
    assert_eq!(
        (&changed["version"], &changed["name"]),
        (&json!(2), &json!("Platinum"))
    );
    let same = a
        .patch(&path, json!({"name": "Platinum"}))
        .await
        .expect(200);
    assert_eq!(same["version"], 2);
    let versions = a.get(&format!("{path}/versions")).await.expect(200);
    let names: Vec<_> = versions["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert_eq!(names, ["Platinum", "Gold"]);
    let read = format!(
        "/v1/playbook-applications/{}",
        applied["id"].as_str().unwrap()
    );
    assert_eq!(a.get(&read).await.expect(200)["playbook_version"], 1);
    let again = a.post(&applications(&pair), body.clone()).await.expect(201);
    assert_eq!(
        (
            &again["playbook_version"],
            again["steps"].as_array().unwrap().len()
        ),
        (&json!(2), 1)
    );
    a.post(&format!("{path}/archive"), Value::Null)
        .await
        .expect(200);
    let put_away = a.post(&applications(&pair), body).await;
    assert_eq!(
        put_away.errors(),
        [("/playbook_id".to_owned(), "archived".to_owned())]
    );
    assert_eq!(
        a.patch(&path, json!({"name": "Gold"})).await.problem(409),
        "state-forbids"
    );
    assert_eq!(
        a.post(&format!("{path}/archive"), Value::Null)
            .await
            .problem(409),
        "state-forbids"
    );
}

#[tokio::test]
async fn two_who_change_a_playbook_at_once_do_not_overwrite_one_another() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let a = &pair.a.admin;
    let path = format!("/v1/playbooks/{}", write(a, gold()).await);
    let tag = a.get(&path).await.header("etag").to_owned();
    let (one, other) = tokio::join!(
        a.patch_with(&path, &tag, json!({"name": "One"})),
        a.patch_with(&path, &tag, json!({"name": "Other"})),
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn what_is_wrong_with_a_playbook_is_named_at_once() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let body = json!({"name": "Wrong", "applies_to": "partnership", "steps": [
        step("a", "introducer", &[(Some("z"), 0)]), step("a", "us", &[])]});
    let refused = pair.a.admin.post("/v1/playbooks", body).await;
    assert_eq!(refused.problem(422), "invalid-fields");
    let expected = [
        ("/steps/0/after/0/key", "unknown"),
        ("/steps/0/owner", "misfit"),
        ("/steps/1/key", "twice"),
    ];
    assert_eq!(
        refused.errors(),
        expected.map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
}

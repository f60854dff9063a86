//! What comes of a meeting is made with its record, or not at all.

use serde_json::{Value, json};

use super::{address, feed, hold, partners, text};
use crate::support;

fn step(title: &str) -> Value {
    json!({"kind": "action_step", "action_step": {"owner": "them", "kind": "internal", "title": title, "due_on": "2026-03-20"}})
}

#[tokio::test]
async fn an_outcome_makes_the_step_in_one_call_and_both_see_it() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let meeting = hold(&quid, &pair.a.admin, &pair.planned().await[0]).await;
    let path = format!("{}/outcomes", address(&meeting));
    let key = [("idempotency-key", "only-once")];
    let body = json!({"outcome": step("Send the letter")});
    let made = pair
        .a
        .admin
        .post_with(&path, &key, body.clone())
        .await
        .expect(201);
    let again = pair.a.admin.post_with(&path, &key, body).await.expect(201);
    assert_eq!(made, again);
    let step = format!("/v1/action-steps/{}", text(&made, "action_step_id"));
    let step = pair.b.admin.get(&step).await.expect(200);
    assert_eq!(
        (&step["title"], &step["state"], &step["owner"]),
        (&json!("Send the letter"), &json!("proposed"), &json!("us"))
    );
    let page = pair.b.admin.get(&path).await.expect(200);
    assert_eq!(page["data"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&page["data"][0]["id"], &page["data"][0]["party"]),
        (&made["id"], &json!("them"))
    );
    let covered = pair.b.admin.get(&address(&meeting)).await.expect(200);
    assert_eq!(covered["covered"], json!(["action_steps"]));
    for firm in [&pair.a, &pair.b] {
        assert_eq!(feed(&quid, firm, "meeting_outcome").await.len(), 1);
    }
}

#[tokio::test]
async fn an_outcome_that_can_not_be_recorded_leaves_no_step() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let skipped = pair.planned().await.remove(0);
    let skip = format!("{}/skip", address(&skipped));
    pair.a
        .admin
        .post(&skip, json!({"reason": "A holiday."}))
        .await
        .expect(200);
    let path = format!("{}/outcomes", address(&skipped));
    let refused = pair
        .a
        .admin
        .post(&path, json!({"outcome": step("Send the letter")}))
        .await;
    assert_eq!(refused.problem(409), "state-forbids");
    let steps = pair.a.admin.get("/v1/action-steps").await.expect(200);
    assert_eq!(steps["data"], json!([]));
    assert!(feed(&quid, &pair.b, "action_step").await.is_empty());
    // And a step that can't be leaves no outcome, and names its field where it stands.
    let held = hold(&quid, &pair.a.admin, &pair.planned().await[0]).await;
    let path = format!("{}/outcomes", address(&held));
    let talk = json!({"kind": "action_step", "action_step": {"owner": "us", "kind": "client_conversation", "title": "Call",
        "due_on": "2026-03-20", "channel": "phone", "topic": "Her practice"}});
    let refused = pair.a.admin.post(&path, json!({"outcome": talk})).await;
    assert_eq!(
        refused.errors(),
        [(
            "/outcome/action_step/introduction_id".to_owned(),
            "needed".to_owned()
        )]
    );
    assert_eq!(pair.a.admin.get(&path).await.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn the_outcome_of_a_draft_is_its_introducers_alone_until_it_is_offered() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let meeting = hold(&quid, &pair.a.admin, &pair.planned().await[0]).await;
    let path = format!("{}/outcomes", address(&meeting));
    let client = pair.client("Mary Greene").await;
    let theirs = pair.b.admin.get(&address(&meeting)).await;
    let draft = json!({"outcome": {"kind": "introduction", "introduction": {"client_id": client}}});
    let made = pair.a.admin.post(&path, draft).await.expect(201);
    let own = format!("/v1/meeting-outcomes/{}", text(&made, "id"));
    assert_eq!(pair.b.admin.get(&path).await.expect(200)["data"], json!([]));
    assert_eq!(pair.b.admin.get(&own).await.problem(404), "not-found");
    assert_eq!(
        pair.b.admin.get(&address(&meeting)).await.text(),
        theirs.text()
    );
    assert!(feed(&quid, &pair.b, "meeting_outcome").await.is_empty());
    let offer = format!("/v1/introductions/{}/offer", text(&made, "introduction_id"));
    pair.a.admin.post(&offer, Value::Null).await.expect(200);
    assert_eq!(
        pair.b.admin.get(&own).await.expect(200)["introduction_id"],
        made["introduction_id"]
    );
    let covered = pair.b.admin.get(&address(&meeting)).await.expect(200);
    assert_eq!(covered["covered"], json!(["introductions"]));
}

#[tokio::test]
async fn a_machine_needs_the_scope_of_what_it_makes_as_well() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let path = format!("{}/outcomes", address(&pair.planned().await[0]));
    let body = json!({"outcome": step("Send the letter")});
    let crm = quid.api_client(&pair.a, &["meetings:write"]).await;
    assert_eq!(
        crm.post(&path, body.clone()).await.problem(403),
        "forbidden"
    );
    let crm = quid
        .api_client(&pair.a, &["meetings:write", "action-steps:write"])
        .await;
    crm.post(&path, body).await.expect(201);
}

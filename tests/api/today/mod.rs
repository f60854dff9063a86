//! The phone's first screen.

use serde_json::{Value, json};

use crate::support::{self, Actor};

async fn today(actor: &Actor) -> Value {
    actor.get("/v1/today").await.expect(200)
}

#[tokio::test]
async fn each_side_is_told_what_it_owes_and_what_it_waits_for() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    // The clock of the tests stands at 2026-03-02.
    for due in ["2026-03-01", "2026-03-02", "2026-03-05", "2026-04-01"] {
        pair.step(&pair.a, "us", due).await;
    }
    pair.step(&pair.a, "them", "2026-03-04").await;
    pair.offer("Mary Greene").await;
    let ours = today(&pair.a.admin).await;
    let counts = |part: &Value| {
        [
            &part["count"],
            &part["overdue"],
            &part["due_today"],
            &part["due_within_a_week"],
        ]
        .map(|count| count.as_i64().unwrap())
    };
    assert_eq!(ours["today_on"], "2026-03-02");
    assert_eq!(counts(&ours["owed"]["steps"]), [4, 1, 1, 2]);
    assert_eq!(ours["owed"]["steps"]["first"][0]["due_on"], "2026-03-01");
    assert_eq!(
        (
            &ours["owed"]["offers"]["count"],
            &ours["awaited"]["offers"]["count"]
        ),
        (&json!(0), &json!(1))
    );
    // What B has not taken on is no promise yet.
    assert_eq!(counts(&ours["awaited"]["steps"]), [0, 0, 0, 0]);
    let theirs = pair.b.admin.get("/v1/today").await;
    assert!(!theirs.text().contains("Greene"), "{}", theirs.text());
    let theirs = theirs.expect(200);
    assert_eq!(counts(&theirs["owed"]["to_accept"]), [1, 0, 0, 1]);
    assert_eq!(counts(&theirs["awaited"]["steps"]), [4, 1, 1, 2]);
    assert_eq!(
        theirs["owed"]["offers"]["first"][0]["partner_name"],
        "Red Mesa Wealth"
    );
    let reference = &theirs["owed"]["offers"]["first"][0]["reference"];
    assert_eq!(
        reference,
        &ours["awaited"]["offers"]["first"][0]["reference"]
    );
}

#[tokio::test]
async fn whom_to_speak_to_is_told_by_reference_alone() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let offer = pair.offer("Mary Greene").await;
    let introduction = offer.rsplit('/').next().unwrap();
    let body = json!({"owner": "us", "kind": "client_conversation", "title": "Call", "due_on": "2026-03-05", "channel": "phone",
        "topic": "Her practice", "introduction_id": introduction});
    let path = format!("/v1/partnerships/{}/action-steps", pair.partnership);
    pair.a.admin.post(&path, body).await.expect(201);
    let told = today(&pair.a.admin).await;
    let next = &told["speak_to"][0];
    assert_eq!(
        (&next["topic"], &next["channel"]),
        (&json!("Her practice"), &json!("phone"))
    );
    let read = pair.a.admin.get(&offer).await.expect(200);
    assert_eq!(next["introduction_reference"], read["reference"]);
}

#[tokio::test]
async fn the_entity_tag_stands_until_something_changes() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = pair.step(&pair.a, "us", "2026-03-05").await;
    let tag = pair
        .a
        .admin
        .get("/v1/today")
        .await
        .header("etag")
        .to_owned();
    quid.hand.advance_seconds(60);
    let seen = [("if-none-match", tag.as_str())];
    assert_eq!(pair.a.admin.get_with("/v1/today", &seen).await.status, 304);
    pair.a
        .admin
        .post(&format!("{step}/complete"), json!({}))
        .await
        .expect(200);
    assert_eq!(pair.a.admin.get_with("/v1/today", &seen).await.status, 200);
}

#[tokio::test]
async fn what_a_member_who_has_left_had_promised_is_her_leads() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let a = &pair.a.admin;
    let advisor = quid
        .member(&pair.a, quid::platform::auth::Role::Advisor)
        .await;
    let id = advisor.get("/v1/me").await.expect(200)["member"]["id"].clone();
    let steps = format!("/v1/partnerships/{}/action-steps", pair.partnership);
    let body = json!({"owner": "us", "owner_member_id": id, "kind": "internal", "title": "Send it", "due_on": "2026-03-04"});
    a.post(&steps, body.clone()).await.expect(201);
    let mut asked = body;
    (asked["owner"], asked["title"]) = (json!("them"), json!("Read it"));
    pair.b.admin.post(&steps, asked).await.expect(201);
    let counts = async || {
        let owed = today(a).await["owed"].clone();
        [&owed["steps"]["count"], &owed["to_accept"]["count"]].map(|count| count.as_i64().unwrap())
    };
    assert_eq!(counts().await, [0, 0]);
    let feed = a
        .post("/v1/me/calendar-feed", Value::Null)
        .await
        .expect(201);
    let feed = feed["url"].as_str().unwrap();
    let calendar = &feed[feed.find("/v1/").unwrap()..];
    assert!(
        !quid
            .nobody()
            .get(calendar)
            .await
            .text()
            .contains("DTSTART;VALUE=DATE:20260304")
    );
    let leave = format!("/v1/members/{}/deactivate", id.as_str().unwrap());
    a.post(&leave, Value::Null).await.expect(200);
    assert_eq!(counts().await, [1, 1]);
    assert!(
        quid.nobody()
            .get(calendar)
            .await
            .text()
            .contains("DTSTART;VALUE=DATE:20260304")
    );
}

#[tokio::test]
async fn what_is_anothers_is_not_mine() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let advisor = quid
        .member(&pair.a, quid::platform::auth::Role::Advisor)
        .await;
    let me = advisor.get("/v1/me").await.expect(200)["member"]["id"].clone();
    pair.step(&pair.a, "us", "2026-03-05").await;
    let path = format!("/v1/partnerships/{}/action-steps", pair.partnership);
    let body = json!({"owner": "us", "kind": "internal", "title": "Hers", "due_on": "2026-03-05", "owner_member_id": me});
    pair.a.admin.post(&path, body).await.expect(201);
    let (hers, leads) = (today(&advisor).await, today(&pair.a.admin).await);
    assert_eq!(hers["owed"]["steps"]["first"][0]["title"], "Hers");
    assert_eq!(hers["owed"]["steps"]["count"], 1);
    assert_eq!(
        leads["owed"]["steps"]["first"][0]["title"],
        "Send the letter"
    );
    assert_eq!(leads["owed"]["steps"]["count"], 1);
}

//! Promises: how a step becomes one, and how its date moves.

use serde_json::{Value, json};

use super::post;
use crate::support;

#[tokio::test]
async fn a_step_laid_on_the_other_is_a_promise_only_once_accepted() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let own = pair
        .a
        .admin
        .get(&pair.step(&pair.a, "us", "2026-03-09").await)
        .await
        .expect(200);
    assert_eq!(
        (&own["state"], &own["promised_on"]),
        (&json!("planned"), &json!("2026-03-09"))
    );
    let laid = pair.step(&pair.a, "them", "2026-03-09").await;
    let seen = pair.b.admin.get(&laid).await.expect(200);
    assert_eq!(
        (&seen["state"], &seen["owner"], &seen["promised_on"]),
        (&json!("proposed"), &json!("us"), &Value::Null)
    );
    let early = pair
        .b
        .admin
        .post(&format!("{laid}/complete"), json!({}))
        .await;
    assert_eq!(early.problem(409), "state-forbids");
    assert_eq!(early.json()["allowed"], json!(["accept", "decline"]));
    assert_eq!(
        pair.a
            .admin
            .post(&format!("{laid}/accept"), Value::Null)
            .await
            .problem(403),
        "forbidden"
    );
    let accepted = post(&pair.b.admin, &laid, "accept", Value::Null).await;
    assert_eq!(
        (&accepted["state"], &accepted["promised_on"]),
        (&json!("planned"), &json!("2026-03-09"))
    );
    let done = post(
        &pair.b.admin,
        &laid,
        "complete",
        json!({"done_on": "2026-03-01"}),
    )
    .await;
    assert_eq!(
        (&done["state"], &done["done_on"]),
        (&json!("done"), &json!("2026-03-01"))
    );
}

#[tokio::test]
async fn the_owner_moves_a_date_and_the_other_proposes_one() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = pair.step(&pair.a, "us", "2026-03-09").await;
    let to = |date: &str| json!({"due_on": date, "reason": "The client is abroad."});
    let moved = post(&pair.a.admin, &step, "reschedule", to("2026-03-16")).await;
    assert_eq!(
        (&moved["due_on"], &moved["promised_on"]),
        (&json!("2026-03-16"), &json!("2026-03-09"))
    );
    let proposed = post(&pair.b.admin, &step, "reschedule", to("2026-03-12")).await;
    assert_eq!(
        (&proposed["due_on"], &proposed["proposed_due_on"]),
        (&json!("2026-03-16"), &json!("2026-03-12"))
    );
    let accepted = post(&pair.a.admin, &step, "accept", Value::Null).await;
    assert_eq!(
        (&accepted["due_on"], &accepted["proposed_due_on"]),
        (&json!("2026-03-12"), &Value::Null)
    );
    assert_eq!(accepted["promised_on"], "2026-03-09");
    let moves = pair.b.admin.get(&format!("{step}/moves")).await.expect(200);
    let dates: Vec<_> = moves["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["to_on"].clone())
        .collect();
    assert_eq!(dates, ["2026-03-12", "2026-03-16"]);
    assert_eq!(moves["data"][0]["reason"], "The client is abroad.");
    post(&pair.b.admin, &step, "reschedule", to("2026-03-20")).await;
    let kept = post(
        &pair.a.admin,
        &step,
        "decline",
        json!({"reason": "Too late."}),
    )
    .await;
    assert_eq!(
        (&kept["state"], &kept["due_on"], &kept["proposed_due_on"]),
        (&json!("planned"), &json!("2026-03-12"), &Value::Null)
    );
}

#[tokio::test]
async fn a_declined_step_is_over() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = pair.step(&pair.a, "them", "2026-03-09").await;
    let declined = post(
        &pair.b.admin,
        &step,
        "decline",
        json!({"reason": "Our season."}),
    )
    .await;
    assert_eq!(
        (&declined["state"], &declined["reason"]),
        (&json!("declined"), &json!("Our season."))
    );
    for verb in ["accept", "complete"] {
        let body = if verb == "complete" {
            json!({})
        } else {
            Value::Null
        };
        assert_eq!(
            pair.b
                .admin
                .post(&format!("{step}/{verb}"), body)
                .await
                .problem(409),
            "state-forbids"
        );
    }
}

#[tokio::test]
async fn the_timeline_is_by_date_over_both_parties_and_paged() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    for (owner, due_on) in [
        ("us", "2026-03-20"),
        ("them", "2026-03-05"),
        ("us", "2026-03-12"),
        ("them", "2026-03-12"),
    ] {
        pair.step(&pair.a, owner, due_on).await;
    }
    let mut path = format!("/v1/partnerships/{}/timeline?limit=1", pair.partnership);
    let mut dates = Vec::new();
    loop {
        let page = pair.b.admin.get(&path).await.expect(200);
        dates.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|step| step["due_on"].clone()),
        );
        match page["next_cursor"].as_str() {
            Some(cursor) => {
                path = format!(
                    "/v1/partnerships/{}/timeline?limit=1&cursor={cursor}",
                    pair.partnership
                )
            }
            None => break,
        }
    }
    assert_eq!(
        dates,
        ["2026-03-05", "2026-03-12", "2026-03-12", "2026-03-20"]
    );
    let some = format!(
        "/v1/partnerships/{}/timeline?from=2026-03-06&to=2026-03-12&owner=us",
        pair.partnership
    );
    let some = pair.b.admin.get(&some).await.expect(200);
    assert_eq!(some["data"].as_array().unwrap().len(), 1);
    assert_eq!(some["data"][0]["proposed_by"], "them");
}

#[tokio::test]
async fn a_step_about_a_draft_does_not_tell_the_partner_of_it() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let draft = pair.draft("Mary Greene").await;
    let id = draft.rsplit('/').next().unwrap();
    let path = format!("/v1/partnerships/{}/action-steps", pair.partnership);
    let body = json!({"owner": "us", "kind": "client_conversation", "channel": "phone", "topic": "Her leave to be introduced", "title": "Ask for consent", "due_on": "2026-03-09", "introduction_id": id});
    let made = pair.a.admin.post(&path, body.clone()).await.expect(201);
    assert_eq!(made["introduction_id"], id);
    let seen = pair
        .b
        .admin
        .get(&format!(
            "/v1/action-steps/{}",
            made["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(seen.expect(200)["introduction_id"], Value::Null);
    let theirs = pair.b.admin.post(&path, body).await;
    assert_eq!(
        theirs.errors(),
        [("/introduction_id".to_owned(), "unknown".to_owned())]
    );
}

#[tokio::test]
async fn who_accepts_what_it_read_is_not_bound_to_what_it_became() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let laid = pair.step(&pair.a, "them", "2026-03-09").await;
    let read = pair.b.admin.get(&laid).await.header("etag").to_owned();
    let body = json!({"title": "Send the letter and the ledger"});
    pair.a.admin.patch(&laid, body).await.expect(200);
    let accept = format!("{laid}/accept");
    let stale = [("if-match", read.as_str()), ("idempotency-key", "one")];
    let refused = pair.b.admin.post_with(&accept, &stale, Value::Null).await;
    let present = pair.b.admin.get(&laid).await.header("etag").to_owned();
    assert_eq!(refused.header("etag"), present);
    assert_eq!(refused.problem(412), "precondition-failed");
    let fresh = [("if-match", present.as_str()), ("idempotency-key", "two")];
    for _ in 0..2 {
        let accepted = pair.b.admin.post_with(&accept, &fresh, Value::Null).await;
        assert_eq!(accepted.expect(200)["state"], "planned");
    }
}

//! How promises were kept.

use serde_json::{Value, json};

use super::{after, at, id};
use crate::support;

#[tokio::test]
async fn each_rate_names_the_steps_that_it_counts() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let me = pair.a.admin.get("/v1/me").await.expect(200)["member"]["id"].clone();
    let mut steps = Vec::new();
    for day in 3..=7 {
        let due = json!({"due_on": format!("2026-03-0{day}"), "owner_member_id": me});
        steps.push(id(after(&pair, &pair.a, due, &[]).await).await);
    }
    quid.hand.advance_seconds(20 * 24 * 3600);
    let (a, b) = (
        quid.sign_in(&pair.a.email).await,
        quid.sign_in(&pair.b.email).await,
    );
    let post = async |by: &support::Actor, step: &str, verb: &str, body: Value| {
        by.post(&format!("{}/{verb}", at(step)), body)
            .await
            .expect(200);
    };
    post(&a, &steps[0], "complete", json!({"done_on": "2026-03-03"})).await;
    post(&a, &steps[1], "complete", json!({"done_on": "2026-03-03"})).await;
    post(&a, &steps[2], "complete", json!({"done_on": "2026-03-09"})).await;
    let reason = json!({"reason": "She has moved abroad."});
    post(&a, &steps[3], "cancel", reason).await;
    let path = format!("/v1/partnerships/{}/promises", pair.partnership);
    let told = b.get(&path).await.expect(200);
    let counts = |told: &Value, at: usize| told["parties"][at]["counts"].clone();
    // Cancelled by its owner alone it counts against the owner.
    assert_eq!(
        counts(&told, 1),
        json!({"due": 5, "kept": 2, "late": 1, "open": 1, "rate": 0.4})
    );
    post(&b, &steps[3], "agree-cancellation", Value::Null).await;
    let told = b.get(&path).await.expect(200);
    let expected = json!({"due": 4, "kept": 2, "late": 1, "open": 1, "rate": 0.5});
    assert_eq!(counts(&told, 1), expected);
    assert_eq!(
        told["parties"][1]["members"],
        json!([{"member_id": me, "counts": expected}])
    );
    assert_eq!(counts(&told, 0)["rate"], Value::Null);
    // Those behind it add up to it; what both agreed to cancel says so itself.
    let records = told["parties"][1]["records"].as_str().unwrap();
    let page = b.get(records).await.expect(200);
    let behind = page["data"].as_array().unwrap();
    let counted = behind.iter().filter(|step| step["agreed_by_both"] != true);
    assert_eq!(counted.count(), 4);
    let kept = b.get(&format!("{records}&kept=true")).await.expect(200);
    assert_eq!(kept["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_window_that_ends_before_it_begins_is_refused() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = format!(
        "/v1/partnerships/{}/promises?from=2026-03-02&to=2026-03-01",
        pair.partnership
    );
    assert_eq!(
        pair.a.admin.get(&path).await.problem(400),
        "malformed-request"
    );
}

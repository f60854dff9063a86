//! An answer that had to wait for a lock tells what may be seen when it is given, not when it began to wait.

use serde_json::{Value, json};

use crate::support;

const NAME: &str = "Wilhelmina Canary";

/// The consent is withdrawn, and the withdrawal not yet committed, while B does this to an introduction that
/// has come so far; gives what B is answered.
async fn meanwhile(stages: &[&str], verb: &str, body: Value) -> Value {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer(NAME).await;
    let consent = pair.consent(&path).await;
    let b = pair.b.admin.clone();
    for stage in stages {
        let (verb, body) = match *stage {
            "accepted" => ("accept", Value::Null),
            stage => ("stages", json!({"stage": stage})),
        };
        b.post(&format!("{path}/{verb}"), body).await.expect(200);
    }
    let mut past_the_service = quid.db.connect().await;
    let watch = quid.db.connect().await;
    let withdrawal = past_the_service.transaction().await.unwrap();
    let withdraw = "UPDATE consents SET withdrawn_at = recorded_at, version = version + 1 WHERE id = $1::text::uuid";
    let id = consent.rsplit('/').next().unwrap();
    assert_eq!(withdrawal.execute(withdraw, &[&id]).await.unwrap(), 1);
    let target = format!("{path}/{verb}");
    let asking = tokio::spawn(async move { b.post(&target, body).await });
    while quid.db.waiting(&watch).await < 1 {
        assert!(!asking.is_finished(), "it does not wait");
    }
    withdrawal.commit().await.unwrap();
    asking.await.unwrap().expect(200)
}

#[tokio::test]
async fn who_accepts_while_the_consent_is_withdrawn_learns_no_name() {
    let accepted = meanwhile(&[], "accept", Value::Null).await;
    assert_eq!(accepted["stage"], "accepted");
    assert_eq!(accepted["client"]["name"], Value::Null);
}

#[tokio::test]
async fn who_records_an_outcome_while_the_consent_is_withdrawn_learns_no_name() {
    let outcome = json!({"words": "Content.", "rating": 4});
    let told = meanwhile(&["accepted", "met"], "outcome", outcome).await;
    assert_eq!(told["outcome"]["rating"], 4);
    assert_eq!(told["client"]["name"], Value::Null);
}

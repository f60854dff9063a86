//! The receiver sees who the client is only while consent stands and it has accepted.

use serde_json::{Value, json};

use crate::support::{self, Actor, Pair};

const NAME: &str = "Wilhelmina Canary";
const SECRETS: [&str; 4] = [
    NAME,
    "canary@mail.example",
    "(303) 555-0147",
    "plays the harp",
];

async fn canary(pair: &Pair) -> String {
    let body = json!({
        "name": NAME, "email": SECRETS[1], "phone": SECRETS[2], "notes": SECRETS[3],
        "attributes": {"investable_assets": 1_250_000}, "traits": ["business_owner"],
    });
    let client = pair.a.admin.post("/v1/clients", body).await.expect(201)["id"].clone();
    let path = format!("/v1/partnerships/{}/introductions", pair.partnership);
    let made = pair
        .a
        .admin
        .post(&path, json!({"client_id": client, "summary": "Sells."}))
        .await
        .expect(201);
    format!("/v1/introductions/{}", made["id"].as_str().unwrap())
}

/// Whether the actor gets any of the client's secrets, however it asks.
async fn learns(actor: &Actor, introduction: &str) -> bool {
    let mut told = String::new();
    for path in [
        introduction,
        &format!("{introduction}/stages"),
        "/v1/introductions",
        "/v1/clients",
        "/v1/action-steps",
    ] {
        told.push_str(&actor.get(path).await.text());
    }
    SECRETS.iter().any(|secret| told.contains(secret))
}

#[tokio::test]
async fn a_receiver_cannot_see_the_client_before_consent_and_acceptance() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let introduction = canary(&pair).await;
    let b = &pair.b.admin;
    assert_eq!(b.get(&introduction).await.problem(404), "not-found");
    pair.a
        .admin
        .post(&format!("{introduction}/offer"), Value::Null)
        .await
        .expect(200);
    let offered = b.get(&introduction).await.expect(200);
    assert_eq!(offered["client"]["sealed"], true);
    assert_eq!(offered["client"]["id"], Value::Null);
    assert_eq!(
        offered["client"]["attributes"]["investable_assets"],
        1_250_000
    );
    assert!(!learns(b, &introduction).await);

    let consent = pair.consent(&introduction).await;
    assert!(
        !learns(b, &introduction).await,
        "consent alone does not open it"
    );
    let accepted = b
        .post(&format!("{introduction}/accept"), Value::Null)
        .await
        .expect(200);
    assert_eq!(accepted["client"]["name"], NAME);
    assert!(learns(b, &introduction).await);
    assert_eq!(
        b.get(&introduction).await.expect(200)["client"]["id"],
        Value::Null
    );

    pair.a
        .admin
        .post(&format!("{consent}/withdraw"), Value::Null)
        .await
        .expect(200);
    assert!(!learns(b, &introduction).await);
    assert_eq!(b.get(&introduction).await.expect(200)["stage"], "accepted");
    pair.consent(&introduction).await;
    assert!(learns(b, &introduction).await);
}

#[tokio::test]
async fn acceptance_alone_does_not_open_it() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let introduction = canary(&pair).await;
    pair.a
        .admin
        .post(&format!("{introduction}/offer"), Value::Null)
        .await
        .expect(200);
    pair.b
        .admin
        .post(&format!("{introduction}/accept"), Value::Null)
        .await
        .expect(200);
    assert!(!learns(&pair.b.admin, &introduction).await);
    let early = pair
        .b
        .admin
        .post(
            &format!("{introduction}/stages"),
            json!({"stage": "introduced"}),
        )
        .await;
    assert_eq!(early.problem(409), "state-forbids");
    assert_eq!(early.json()["missing"], "consent");
}

#[tokio::test]
async fn a_decline_and_a_withdrawal_seal_again() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    for (firm, verb, body) in [
        (
            &pair.b,
            "decline",
            json!({"reason": "conflict_of_interest"}),
        ),
        (&pair.a, "withdraw", Value::Null),
    ] {
        let made = pair.offer("Another Canary").await;
        pair.consent(&made).await;
        let seen = pair
            .b
            .admin
            .post(&format!("{made}/accept"), Value::Null)
            .await
            .expect(200);
        assert_eq!(seen["client"]["name"], "Another Canary");
        firm.admin
            .post(&format!("{made}/{verb}"), body)
            .await
            .expect(200);
        let sealed = pair.b.admin.get(&made).await;
        assert!(!sealed.text().contains("Canary"), "{verb}");
        assert_eq!(sealed.expect(200)["client"]["sealed"], true);
    }
}

#[tokio::test]
async fn consent_holds_to_the_end_of_its_last_day_in_the_firms_zone() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let introduction = canary(&pair).await;
    pair.a
        .admin
        .post(&format!("{introduction}/offer"), Value::Null)
        .await
        .expect(200);
    pair.b
        .admin
        .post(&format!("{introduction}/accept"), Value::Null)
        .await
        .expect(200);
    let client = pair.a.admin.get(&introduction).await.expect(200)["client"]["id"].clone();
    let body = json!({
        "partnership_id": pair.partnership, "given_on": "2026-03-01", "method": "verbal", "ends_on": "2026-03-02",
    });
    pair.a
        .admin
        .post(
            &format!("/v1/clients/{}/consents", client.as_str().unwrap()),
            body,
        )
        .await
        .expect(201);
    let sealed = async || {
        // Ten minutes of token are over long before the day is.
        let b = quid.sign_in(&pair.b.email).await;
        b.get(&introduction).await.expect(200)["client"]["sealed"].clone()
    };
    assert_eq!(sealed().await, false);
    // It is 02:30 in Denver; the day ends 21.5 hours later.
    quid.hand.advance_seconds(21 * 3600 + 29 * 60);
    assert_eq!(sealed().await, false);
    quid.hand.advance_seconds(60);
    assert_eq!(sealed().await, true);
}

#[tokio::test]
async fn the_entity_tag_changes_with_the_seal_and_differs_between_the_parties() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let introduction = canary(&pair).await;
    pair.a
        .admin
        .post(&format!("{introduction}/offer"), Value::Null)
        .await
        .expect(200);
    pair.b
        .admin
        .post(&format!("{introduction}/accept"), Value::Null)
        .await
        .expect(200);
    let tag = async |actor: &Actor| actor.get(&introduction).await.header("etag").to_owned();
    let sealed = tag(&pair.b.admin).await;
    assert_ne!(sealed, tag(&pair.a.admin).await);
    assert_eq!(sealed, tag(&pair.b.admin).await);
    pair.consent(&introduction).await;
    assert_ne!(sealed, tag(&pair.b.admin).await);
}

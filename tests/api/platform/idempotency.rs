//! A request is carried out once, however often it is sent.

use serde_json::{Value, json};

use crate::support;

#[tokio::test]
async fn the_same_key_fifty_times_at_once_makes_one_row_and_fifty_answers_alike() {
    let quid = support::start().await;
    let firm = quid.firm("A").await;
    let key = [("idempotency-key", "a-key-of-mine")];
    let body = json!({"name": "Mary Greene"});
    let posts = (0..50).map(|_| firm.admin.post_with("/v1/clients", &key, body.clone()));
    let answers = futures_util::future::join_all(posts).await;
    let first = answers[0].json();
    for answer in &answers {
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (201, first.clone())
        );
    }
    let replayed = answers
        .iter()
        .filter(|answer| answer.header("idempotency-replayed") == "true")
        .count();
    assert_eq!(replayed, 49);
    let all = firm.admin.get("/v1/clients").await.expect(200);
    assert_eq!(all["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn another_body_or_address_under_the_same_key_is_refused_and_another_caller_has_keys_of_its_own()
 {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let key = [("idempotency-key", "k1")];
    pair.a
        .admin
        .post_with("/v1/clients", &key, json!({"name": "Mary"}))
        .await
        .expect(201);
    let other = pair
        .a
        .admin
        .post_with("/v1/clients", &key, json!({"name": "Carl"}))
        .await;
    assert_eq!(other.problem(422), "idempotency-key-reused");
    pair.b
        .admin
        .post_with("/v1/clients", &key, json!({"name": "Carl"}))
        .await
        .expect(201);
    let (one, two) = (pair.draft("One").await, pair.draft("Two").await);
    pair.a
        .admin
        .post_with(&format!("{one}/offer"), &key, Value::Null)
        .await
        .expect(200);
    let other = pair
        .a
        .admin
        .post_with(&format!("{two}/offer"), &key, Value::Null)
        .await;
    assert_eq!(other.problem(422), "idempotency-key-reused");
}

#[tokio::test]
async fn only_what_was_carried_out_is_kept_and_for_a_day() {
    let quid = support::start().await;
    let firm = quid.firm("A").await;
    let key = [("idempotency-key", "k1")];
    let refused = firm
        .admin
        .post_with("/v1/clients", &key, json!({"name": ""}))
        .await;
    assert_eq!(refused.problem(422), "invalid-fields");
    firm.admin
        .post_with("/v1/clients", &key, json!({"name": "Mary"}))
        .await
        .expect(201);
    quid.hand.advance_seconds(25 * 3600);
    let client = quid.db.connect().await;
    let kept: i64 = client
        .query_one("SELECT count(*) FROM idempotency_keys", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(kept, 1);
    let app = quid.app().await;
    (quid::housekeeping::PURGE.run)(&app).await.unwrap();
    let kept: i64 = client
        .query_one("SELECT count(*) FROM idempotency_keys", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn a_replay_shows_the_resource_as_it_is_now() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer("Mary Greene").await;
    let consent = pair.consent(&path).await;
    let key = [("idempotency-key", "accept-it")];
    let first = pair
        .b
        .admin
        .post_with(&format!("{path}/accept"), &key, Value::Null)
        .await
        .expect(200);
    assert_eq!(first["client"]["name"], "Mary Greene");
    pair.a
        .admin
        .post(&format!("{consent}/withdraw"), Value::Null)
        .await
        .expect(200);
    let replay = pair
        .b
        .admin
        .post_with(&format!("{path}/accept"), &key, Value::Null)
        .await;
    assert_eq!(replay.header("idempotency-replayed"), "true");
    assert!(!replay.text().contains("Mary"));
    assert_eq!(replay.expect(200)["client"]["sealed"], true);
}

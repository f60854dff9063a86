//! Whoever of another firm learns who a client is stands in the disclosure log.

use serde_json::{Value, json};

use crate::support::{self, Actor, Pair};

async fn given(pair: &Pair) -> Vec<Value> {
    let log = pair.a.admin.get("/v1/disclosures").await.expect(200);
    log["data"].as_array().unwrap().clone()
}

async fn me(actor: &Actor) -> Value {
    actor.get("/v1/me").await.expect(200)["id"].clone()
}

#[tokio::test]
async fn a_disclosure_is_written_by_what_shows_and_by_nothing_else() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer("Mary Greene").await;
    let b = &pair.b.admin;
    // Sealed: nothing is disclosed, however often it is looked at.
    b.get(&path).await.expect(200);
    b.get("/v1/introductions").await.expect(200);
    assert_eq!(given(&pair).await, Vec::<Value>::new());
    let consent = pair.consent(&path).await;
    b.get(&path).await.expect(200);
    assert_eq!(given(&pair).await, Vec::<Value>::new());
    // The answer to the acceptance is the first that names the client.
    b.post(&format!("{path}/accept"), Value::Null)
        .await
        .expect(200);
    b.get(&path).await.expect(200);
    b.get("/v1/introductions").await.expect(200);
    let log = given(&pair).await;
    assert_eq!(
        log.len(),
        1,
        "once for principal, client, consent and hour: {log:?}"
    );
    let client = pair.a.admin.get(&path).await.expect(200)["client"]["id"].clone();
    assert_eq!(log[0]["client_id"], client);
    assert_eq!(log[0]["principal_id"], me(b).await);
    assert_eq!(log[0]["partner_firm_id"], json!(pair.b.id));
    let consent_id = consent.rsplit('/').next().unwrap();
    assert_eq!(log[0]["consent_id"], consent_id);
    // The next hour, and another principal, is another row.
    quid.hand.advance_seconds(3600);
    let b_again = quid.sign_in(&pair.b.email).await;
    b_again.get(&path).await.expect(200);
    let machine = {
        let firm = support::Firm {
            admin: b_again.clone(),
            ..pair.b.clone()
        };
        quid.api_client(&firm, &["introductions:read"]).await
    };
    machine.get("/v1/introductions").await.expect(200);
    let a = quid.sign_in(&pair.a.email).await;
    let log = a.get("/v1/disclosures?direction=given").await.expect(200);
    assert_eq!(log["data"].as_array().unwrap().len(), 3);
    // Whose data did this credential read?
    let newest = log["data"][0]["principal_id"].as_str().unwrap().to_owned();
    let asked = format!("/v1/disclosures?principal_id={newest}");
    let read = b_again.get(&asked).await.expect(200);
    assert_eq!(read["data"].as_array().unwrap().len(), 1);
    assert_eq!(read["data"][0]["direction"], "received");
    assert_eq!(read["data"][0]["client_id"], Value::Null);
}

#[tokio::test]
async fn who_may_not_do_it_is_shown_nothing_and_no_disclosure_is_written() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer("Mary Greene").await;
    pair.consent(&path).await;
    pair.b
        .admin
        .post(&format!("{path}/accept"), Value::Null)
        .await
        .expect(200);
    let before = given(&pair).await.len();
    let role = quid::platform::auth::Role::Assistant;
    let assistant = quid.member(&pair.b, role).await;
    let refused = assistant
        .post(&format!("{path}/stages"), json!({"stage": "met"}))
        .await;
    assert_eq!(refused.problem(403), "forbidden");
    assert_eq!(given(&pair).await.len(), before);
}

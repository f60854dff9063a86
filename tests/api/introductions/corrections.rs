//! The party that recorded a stage corrects it, and the receiver tells what became of the client.

use serde_json::{Value, json};

use crate::support::{self, Actor, Pair};

async fn accepted(pair: &Pair) -> String {
    let path = pair.offer("Mary Greene").await;
    pair.consent(&path).await;
    let accept = format!("{path}/accept");
    pair.b.admin.post(&accept, Value::Null).await.expect(200);
    path
}

async fn report(actor: &Actor, path: &str, stage: &str) -> Value {
    let body = json!({"stage": stage});
    actor
        .post(&format!("{path}/stages"), body)
        .await
        .expect(200)
}

fn correction(stage: &str) -> Value {
    json!({"stage": stage, "correction_reason": "A slip of the CRM."})
}

#[tokio::test]
async fn a_report_is_replaced_by_what_could_have_been_reported_and_both_stay_in_the_history() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = accepted(&pair).await;
    let b = &pair.b.admin;
    report(b, &path, "engaged").await;
    let corrected = b
        .post(&format!("{path}/correct"), correction("met"))
        .await
        .expect(200);
    assert_eq!(corrected["stage"], "met");
    assert_eq!(corrected["closed_at"], Value::Null);
    // From there it goes on as if it had been reported so.
    let engaged = report(b, &path, "engaged").await;
    assert_eq!(engaged["stage"], "engaged");
    let history = b.get(&format!("{path}/stages")).await.expect(200);
    let told: Vec<_> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["stage"].clone(), one["corrects"].clone()))
        .collect();
    let version = history["data"][2]["version"].clone();
    let expected = [
        (json!("offered"), Value::Null),
        (json!("accepted"), Value::Null),
        (json!("engaged"), Value::Null),
        (json!("met"), version),
        (json!("engaged"), Value::Null),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn who_takes_a_report_back_leaves_the_one_before_to_whoever_made_it() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = accepted(&pair).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let introduced = json!({"stage": "introduced", "occurred_on": "2026-02-27"});
    a.post(&format!("{path}/stages"), introduced)
        .await
        .expect(200);
    report(b, &path, "met").await;
    let correct = format!("{path}/correct");
    // The introducer did not report that they met.
    let refused = a.post(&correct, correction("introduced")).await;
    assert_eq!(refused.problem(403), "forbidden");
    let back = b.post(&correct, correction("introduced")).await.expect(200);
    assert_eq!(back["stage"], "introduced");
    assert_eq!(back["occurred_on"], "2026-02-27");
    // Now the report of the introducer stands again, and is its own to correct.
    let refused = b.post(&correct, correction("accepted")).await;
    assert_eq!(refused.problem(403), "forbidden");
    let back = a.post(&correct, correction("accepted")).await.expect(200);
    assert_eq!(back["stage"], "accepted");
    // What is no report can't be corrected.
    let refused = a.post(&correct, correction("accepted")).await;
    assert_eq!(refused.problem(409), "state-forbids");
}

#[tokio::test]
async fn a_correction_can_not_go_behind_what_was_reached_before() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = accepted(&pair).await;
    let b = &pair.b.admin;
    report(b, &path, "met").await;
    report(b, &path, "engaged").await;
    let refused = b
        .post(&format!("{path}/correct"), correction("meeting_set"))
        .await;
    assert_eq!(
        refused.errors(),
        [("/stage".to_owned(), "stage".to_owned())]
    );
}

#[tokio::test]
async fn a_reopened_introduction_gives_way_to_one_that_was_opened_meanwhile() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = accepted(&pair).await;
    let b = &pair.b.admin;
    report(b, &path, "engaged").await;
    let client = pair.a.admin.get(&path).await.expect(200)["client"]["id"].clone();
    let id = path.rsplit('/').next().unwrap();
    let again = json!({"client_id": client, "previous_id": id});
    let drafts = format!("/v1/partnerships/{}/introductions", pair.partnership);
    let made = pair.a.admin.post(&drafts, again).await.expect(201);
    assert_eq!(made["previous_id"], id);
    let refused = b.post(&format!("{path}/correct"), correction("met")).await;
    assert_eq!(refused.problem(409), "already-exists");
    // What is open is no previous one.
    let body = json!({"client_id": client, "previous_id": made["id"]});
    let refused = pair.a.admin.post(&drafts, body).await;
    assert_eq!(
        refused.errors(),
        [("/previous_id".to_owned(), "unknown".to_owned())]
    );
}

#[tokio::test]
async fn the_receiver_tells_what_became_of_the_client_once_they_have_met() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = accepted(&pair).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let outcome = format!("{path}/outcome");
    let body = json!({"words": "A plan for the sale.", "rating": 5});
    assert_eq!(
        b.post(&outcome, body.clone()).await.problem(409),
        "state-forbids"
    );
    report(b, &path, "met").await;
    assert_eq!(
        a.post(&outcome, body.clone()).await.problem(403),
        "forbidden"
    );
    b.post(&outcome, body).await.expect(200);
    let seen = a.get(&path).await.expect(200);
    assert_eq!(seen["outcome"]["words"], "A plan for the sale.");
    assert_eq!(seen["outcome"]["rating"], 5);
    for bad in [json!(0), json!(6), json!(4.5)] {
        let body = json!({"words": "x", "rating": bad});
        assert_eq!(b.post(&outcome, body).await.problem(422), "invalid-fields");
    }
}

#[tokio::test]
async fn an_offer_that_nobody_answers_expires_and_both_are_told() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer("Mary Greene").await;
    let answered = accepted_other(&pair).await;
    quid.hand.advance_seconds(30 * 24 * 3600);
    let a = quid.sign_in(&pair.a.email).await;
    let b = quid.sign_in(&pair.b.email).await;
    // Even before the work comes round it can't be answered any more.
    let late = b.post(&format!("{path}/accept"), Value::Null).await;
    assert_eq!(late.problem(409), "state-forbids");
    assert_eq!(late.json()["state"], "expired");
    quid.come_round("expire_offers").await;
    quid.come_round("expire_offers").await;
    assert_eq!(a.get(&path).await.expect(200)["stage"], "expired");
    assert_eq!(a.get(&answered).await.expect(200)["stage"], "accepted");
    let client = quid.db.connect().await;
    let id = path.rsplit('/').next().unwrap();
    let query = "SELECT count(*) FROM changes WHERE resource_id::text = $1 AND action = 'expire' AND actor_id IS NULL";
    let told: i64 = client.query_one(query, &[&id]).await.unwrap().get(0);
    assert_eq!(told, 2, "each firm once");
}

async fn accepted_other(pair: &Pair) -> String {
    let path = pair.offer("Carl Harvey").await;
    let accept = format!("{path}/accept");
    let accepted = pair.b.admin.post(&accept, Value::Null).await.expect(200);
    assert_eq!(accepted["first_answer_seconds"], 0);
    path
}

#[tokio::test]
async fn a_client_with_two_partners_is_a_warning_to_the_introducer_alone() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer("Mary Greene").await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    assert_eq!(a.get(&path).await.expect(200)["warnings"], json!([]));
    let third = quid.firm("Canyon Law").await;
    let partnership = quid.partner(&pair.a, &third).await;
    let client = a.get(&path).await.expect(200)["client"]["id"].clone();
    let drafts = format!("/v1/partnerships/{partnership}/introductions");
    let made = a
        .post(&drafts, json!({"client_id": client}))
        .await
        .expect(201);
    assert_eq!(made["warnings"], json!(["parallel_partner"]));
    assert_eq!(
        a.get(&path).await.expect(200)["warnings"],
        json!(["parallel_partner"])
    );
    assert_eq!(b.get(&path).await.expect(200)["warnings"], json!([]));
}

#[tokio::test]
async fn the_receiver_links_its_own_id_and_the_introducer_sees_nothing_of_it() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer("Mary Greene").await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let before = a.get(&path).await;
    let link = format!("{path}/link");
    let body = json!({"system": "hubspot", "external_id": "deal-1"});
    let linked = b.post(&link, body.clone()).await.expect(200);
    assert_eq!(linked["external_ids"], json!({"hubspot": "deal-1"}));
    b.post(&link, body.clone()).await.expect(200);
    let found = b
        .get("/v1/introductions/by-external-id/hubspot/deal-1")
        .await
        .expect(200);
    assert_eq!(found["id"], linked["id"]);
    let by_a = "/v1/introductions/by-external-id/hubspot/deal-1";
    assert_eq!(a.get(by_a).await.problem(404), "not-found");
    let after = a.get(&path).await;
    assert_eq!(after.header("etag"), before.header("etag"));
    let other = pair.offer("Carl Harvey").await;
    let taken = b.post(&format!("{other}/link"), body).await;
    assert_eq!(taken.problem(409), "already-exists");
    let unlink = format!("{path}/unlink");
    for _ in 0..2 {
        let body = json!({"system": "hubspot"});
        let left = b.post(&unlink, body).await.expect(200);
        assert_eq!(left["external_ids"], json!({}));
    }
}

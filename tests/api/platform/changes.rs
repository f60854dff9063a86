//! Each write leaves its change, in its transaction, for each firm that sees it.

use serde_json::{Value, json};

use crate::support::{self, Quid};

/// What a firm's feed has: kind and action, in order.
async fn feed(quid: &Quid, firm: &str) -> Vec<String> {
    let client = quid.db.connect().await;
    let query = "SELECT kind || ' ' || action FROM changes WHERE firm_id = $1::text::uuid ORDER BY xid8, seq";
    client
        .query(query, &[&firm])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect()
}

#[tokio::test]
async fn each_firm_gets_the_changes_that_it_sees_and_no_others() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer("Mary Greene").await;
    pair.consent(&path).await;
    pair.b
        .admin
        .post(&format!("{path}/accept"), Value::Null)
        .await
        .expect(200);
    pair.step(&pair.b, "them", "2026-03-09").await;
    let a = feed(&quid, &pair.a.id).await;
    let expected = [
        "firm created",
        "member created",
        "partnership proposed",
        "partnership accept",
        // What the foundation is laid with, by A and then by B.
        "plan_waiver created",
        "plan_waiver created",
        "plan_waiver created",
        "plan_decision created",
        "plan_waiver created",
        "plan_waiver created",
        "plan_waiver created",
        "plan_decision created",
        "partnership activate",
        "client created",
        "introduction created",
        "introduction offer",
        "consent created",
        "introduction updated",
        "introduction accept",
        "action_step created",
    ];
    assert_eq!(a, expected);
    let b = feed(&quid, &pair.b.id).await;
    let expected = [
        "firm created",
        "member created",
        "partnership proposed",
        "partnership accept",
        // What the foundation is laid with, by A and then by B.
        "plan_waiver created",
        "plan_waiver created",
        "plan_waiver created",
        "plan_decision created",
        "plan_waiver created",
        "plan_waiver created",
        "plan_waiver created",
        "plan_decision created",
        "partnership activate",
        "introduction offer",
        "introduction updated",
        "introduction accept",
        "action_step created",
    ];
    assert_eq!(b, expected);
}

#[tokio::test]
async fn what_is_refused_or_changes_nothing_leaves_no_change() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.draft("Mary Greene").await;
    let before = feed(&quid, &pair.a.id).await.len();
    pair.a.admin.patch(&path, json!({})).await.expect(200);
    pair.a
        .admin
        .post(&format!("{path}/accept"), Value::Null)
        .await
        .problem(403);
    pair.a
        .admin
        .post("/v1/clients", json!({"name": ""}))
        .await
        .problem(422);
    pair.a
        .admin
        .put("/v1/clients/by-external-id/crm/1", json!({"name": "X"}))
        .await
        .expect(201);
    pair.a
        .admin
        .put("/v1/clients/by-external-id/crm/1", json!({"name": "X"}))
        .await
        .expect(200);
    assert_eq!(feed(&quid, &pair.a.id).await.len(), before + 1);
}

#[tokio::test]
async fn consent_tells_the_partner_nothing_of_what_it_was_never_offered() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.draft("Mary Greene").await;
    pair.a
        .admin
        .post(&format!("{path}/withdraw"), Value::Null)
        .await
        .expect(200);
    let before = feed(&quid, &pair.b.id).await;
    pair.consent(&path).await;
    assert_eq!(feed(&quid, &pair.b.id).await, before);
}

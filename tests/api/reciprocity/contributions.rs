//! What was given besides clients counts when both say so.

use serde_json::{Value, json};

use super::Partners;
use crate::support::{self, Actor};

async fn record(by: &Actor, partners: &Partners, kind: &str, on: &str) -> String {
    let path = format!("/v1/partnerships/{}/contributions", partners.partnership);
    let body = json!({"kind": kind, "words": "An evening on trusts.", "happened_on": on});
    let made = by.post(&path, body).await.expect(201);
    format!("/v1/contributions/{}", made["id"].as_str().unwrap())
}

/// How many of a kind the caller's party gave and received, as the ledger says.
async fn counted(by: &Actor, partners: &Partners, kind: &str) -> (i64, i64) {
    let told = by.get(&partners.report()).await.expect(200);
    let of = |side: &str| {
        let all = told[side]["contributions"].as_array().unwrap();
        all.iter().find(|one| one["kind"] == kind).unwrap()["count"]
            .as_i64()
            .unwrap()
    };
    (of("given"), of("received"))
}

#[tokio::test]
async fn only_what_both_confirm_counts_in_the_window_in_which_it_was_given() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    let (a, b) = (&partners.a.admin, &partners.b.admin);
    let path = record(a, &partners, "teaching", "2026-02-20").await;
    assert_eq!(counted(a, &partners, "teaching").await, (0, 0));
    let confirmed = b
        .post(&format!("{path}/confirm"), Value::Null)
        .await
        .expect(200);
    assert_eq!(confirmed["direction"], "received");
    assert_eq!(confirmed["state"], "confirmed");
    assert!(confirmed["answered_at"].is_string());
    assert_eq!(counted(a, &partners, "teaching").await, (1, 0));
    assert_eq!(counted(b, &partners, "teaching").await, (0, 1));
    assert_eq!(counted(a, &partners, "advice").await, (0, 0));
    for end in ["decline", "withdraw"] {
        let path = record(a, &partners, "teaching", "2026-02-20").await;
        let (by, body) = match end {
            "decline" => (b, json!({"reason": "That was paid for."})),
            _ => (a, Value::Null),
        };
        by.post(&format!("{path}/{end}"), body).await.expect(200);
    }
    assert_eq!(counted(a, &partners, "teaching").await, (1, 0));
    let before = format!("{}?to=2026-02-20", partners.report());
    let told = a.get(&before).await.expect(200);
    assert_eq!(told["given"]["contributions"][1]["count"], 0);
    // A contribution is no introduction.
    let told = a.get(&partners.report()).await.expect(200);
    assert_eq!(
        (&told["balance"], &told["verdict"]),
        (&Value::Null, &json!("too_few"))
    );
}

#[tokio::test]
async fn each_arrow_leads_once_and_from_its_own_side() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    let (a, b) = (&partners.a.admin, &partners.b.admin);
    let why = json!({"reason": "That was paid for."});
    let path = record(a, &partners, "advice", "2026-03-02").await;
    for (by, verb, body) in [
        (a, "confirm", Value::Null),
        (a, "decline", why.clone()),
        (b, "withdraw", Value::Null),
    ] {
        let refused = by.post(&format!("{path}/{verb}"), body).await;
        assert_eq!(refused.problem(403), "forbidden", "{verb}");
    }
    b.post(&format!("{path}/confirm"), Value::Null)
        .await
        .expect(200);
    for (by, verb, body) in [
        (b, "confirm", Value::Null),
        (b, "decline", why),
        (a, "withdraw", Value::Null),
    ] {
        let refused = by.post(&format!("{path}/{verb}"), body).await;
        assert_eq!(refused.problem(409), "state-forbids", "{verb}");
        let told = refused.json();
        assert_eq!(
            (&told["state"], &told["allowed"]),
            (&json!("confirmed"), &json!([]))
        );
    }
    let stranger = quid.firm("Elsewhere").await;
    assert_eq!(stranger.admin.get(&path).await.problem(404), "not-found");
    let body = json!({"kind": "advice", "words": "Tomorrow.", "happened_on": "2026-03-03"});
    let record_at = format!("/v1/partnerships/{}/contributions", partners.partnership);
    let refused = a.post(&record_at, body).await;
    assert_eq!(refused.problem(422), "invalid-fields");
    assert_eq!(
        refused.errors(),
        [("/happened_on".to_owned(), "in_the_future".to_owned())]
    );
}

#[tokio::test]
async fn both_feeds_are_told_and_an_end_lets_nothing_more_be_recorded() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    let (a, b) = (&partners.a.admin, &partners.b.admin);
    let first = record(a, &partners, "content", "2026-03-01").await;
    b.post(&format!("{first}/confirm"), Value::Null)
        .await
        .expect(200);
    let open = record(a, &partners, "content", "2026-03-01").await;
    let end = format!("/v1/partnerships/{}/end", partners.partnership);
    a.post(&end, json!({"reason": "So be it."}))
        .await
        .expect(200);
    let refused = b.post(&format!("{open}/confirm"), Value::Null).await;
    assert_eq!(refused.problem(409), "state-forbids");
    let path = format!("/v1/partnerships/{}/contributions", partners.partnership);
    let body = json!({"kind": "content", "words": "A paper.", "happened_on": "2026-03-01"});
    assert_eq!(a.post(&path, body).await.problem(409), "state-forbids");
    let client = quid.db.connect().await;
    let query = "SELECT action || ' ' || version FROM changes
                  WHERE firm_id = $1::text::uuid AND kind = 'contribution' ORDER BY xid8, seq";
    for firm in [&partners.a, &partners.b] {
        let rows = client.query(query, &[&firm.id]).await.unwrap();
        let told: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(told, ["created 1", "confirm 2", "created 1"]);
    }
}

#[tokio::test]
async fn a_list_leaves_what_its_filters_say() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    let (a, b) = (&partners.a.admin, &partners.b.admin);
    let early = record(a, &partners, "content", "2026-01-01").await;
    record(a, &partners, "advice", "2026-02-01").await;
    record(b, &partners, "advice", "2026-02-01").await;
    b.post(&format!("{early}/confirm"), Value::Null)
        .await
        .expect(200);
    for (filter, expected) in [
        ("", 3),
        ("direction=given", 2),
        ("direction=received", 1),
        ("kind=advice", 2),
        ("state=confirmed", 1),
        ("from=2026-01-02", 2),
        ("to=2026-02-01", 1),
        ("from=2026-01-01&to=2026-01-02", 1),
        ("direction=given&kind=advice&state=proposed", 1),
    ] {
        let page = a
            .get(&format!("/v1/contributions?{filter}"))
            .await
            .expect(200);
        assert_eq!(page["data"].as_array().unwrap().len(), expected, "{filter}");
    }
}

//! Touchpoints: time spent personally, who sees it, and what people received by it.

mod gifts;
mod privacy;
mod writing;

use serde_json::{Value, json};

use crate::support::{Actor, Pair, Quid};

/// A meal on 2026-03-02 that both see, with fields of its own.
fn a_meal(more: Value) -> Value {
    let mut body = json!({"kind": "meal", "happened_on": "2026-03-02", "visibility": "shared"});
    for (field, value) in more.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    body
}

/// Writes one down, and gives it.
async fn record(by: &Actor, pair: &Pair, body: Value) -> Value {
    by.post(&touchpoints(pair), body).await.expect(201)
}

fn touchpoints(pair: &Pair) -> String {
    format!("/v1/partnerships/{}/touchpoints", pair.partnership)
}

fn path_of(touchpoint: &Value) -> String {
    format!("/v1/touchpoints/{}", touchpoint["id"].as_str().unwrap())
}

fn usd(amount_minor: i64) -> Value {
    json!({"amount_minor": amount_minor, "currency": "USD"})
}

/// What a firm's feed has of touchpoints.
async fn feed(quid: &Quid, firm_id: &str) -> Vec<String> {
    let client = quid.db.connect().await;
    let query = "SELECT action || ' ' || version FROM changes
                  WHERE firm_id = $1::text::uuid AND kind = 'touchpoint' ORDER BY xid8, seq";
    let rows = client.query(query, &[&firm_id]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

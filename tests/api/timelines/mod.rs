//! Timelines: what waits for what, what moves with what, where it is heading, and how promises were kept.

mod calendars;
mod cascades;
mod forecast;
mod predecessors;
mod promises;

use serde_json::{Value, json};

use crate::support::{Answer, Firm, Pair};

/// Writes a step down that waits for others, each with a lag in business days.
async fn after(pair: &Pair, by: &Firm, fields: Value, before: &[(&str, u32)]) -> Answer {
    let path = format!("/v1/partnerships/{}/action-steps", pair.partnership);
    let waits: Vec<Value> = before
        .iter()
        .map(|(id, count)| json!({"action_step_id": id, "lag": {"count": count, "unit": "business_days"}}))
        .collect();
    let mut body =
        json!({"owner": "us", "kind": "internal", "title": "Send the letter", "after": waits});
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    by.admin.post(&path, body).await
}

/// A step's id, once it is written down.
async fn id(answer: Answer) -> String {
    answer.expect(201)["id"].as_str().unwrap().to_owned()
}

fn at(step: &str) -> String {
    format!("/v1/action-steps/{step}")
}

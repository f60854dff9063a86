//! Action steps: what each state allows to whom, what each kind needs, what is promised, shown and kept.

mod editing;
mod evidence;
mod history;
mod kinds;
mod promises;
mod sharing;
mod states;

use serde_json::{Value, json};

use crate::support::{Actor, Answer, Firm, Pair};

/// Does something to a step, which must be possible.
async fn post(actor: &Actor, step: &str, verb: &str, body: Value) -> Value {
    actor
        .post(&format!("{step}/{verb}"), body)
        .await
        .expect(200)
}

/// Writes a step down with these fields over those of an internal step that is due on March 9th.
async fn write_down(pair: &Pair, by: &Firm, fields: Value) -> Answer {
    let path = format!("/v1/partnerships/{}/action-steps", pair.partnership);
    let mut body = json!({"owner": "us", "kind": "internal", "title": "Send the letter", "due_on": "2026-03-09"});
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    by.admin.post(&path, body).await
}

/// The address of a step.
fn at(step: &Value) -> String {
    format!("/v1/action-steps/{}", step["id"].as_str().unwrap())
}

/// Places and codes, as `Answer::errors` gives them.
fn wrong(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields
        .iter()
        .map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned()))
        .collect()
}

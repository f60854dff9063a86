//! Results: agreed against actual, every figure what its records add up to; and which story was told.

mod figures;
mod stories;

use serde_json::{Value, json};

use crate::support::{Actor, Pair};

/// Lets the two agree on a section that A writes; the version's id.
async fn agree(pair: &Pair, body: Value) -> String {
    let path = format!("/v1/partnerships/{}/plan-versions", pair.partnership);
    let made = pair.a.admin.post(&path, json!({"body": body})).await;
    let id = made.expect(201)["id"].as_str().unwrap().to_owned();
    let at = |verb: &str| format!("/v1/plan-versions/{id}/{verb}");
    let proposed = pair.a.admin.post(&at("propose"), json!({})).await;
    proposed.expect(200);
    let agreed = pair.b.admin.post(&at("agree"), Value::Null).await;
    agreed.expect(200);
    id
}

async fn report(
    by: &Actor,
    introduction: &str,
    stage: &str,
    more: Value,
) -> crate::support::Answer {
    let mut body = json!({"stage": stage});
    let more = more.as_object().cloned().unwrap_or_default();
    body.as_object_mut().unwrap().extend(more);
    by.post(&format!("{introduction}/stages"), body).await
}

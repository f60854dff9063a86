//! Whoever reports that somebody was introduced says which agreed core story was told.

use serde_json::{Value, json};

use super::{agree, report};
use crate::support::{self, Pair};

fn story(words: &str) -> Value {
    json!({"section": "core_story", "script": words, "audience": "Owners who sell."})
}

async fn accepted(pair: &Pair, name: &str) -> String {
    let path = pair.offer(name).await;
    pair.consent(&path).await;
    let accepted = pair
        .b
        .admin
        .post(&format!("{path}/accept"), Value::Null)
        .await;
    accepted.expect(200);
    path
}

#[tokio::test]
async fn an_introduction_keeps_which_agreed_story_was_told() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let first = agree(&pair, story("Together we see both sides.")).await;
    let second = agree(&pair, story("Two firms, one plan.")).await;
    let path = accepted(&pair, "Mary Greene").await;
    let other_section = json!({"section": "success_definition", "expectations": "Not at once.", "metrics": [
        {"key": "given", "name": "Given", "kind": "introductions_given", "party": "us", "target": 1, "currency": null,
         "starts_on": "2026-01-01", "ends_on": "2026-12-31", "direction": "at_least", "ramp": []}]});
    let other_section = agree(&pair, other_section).await;
    let versions = format!("/v1/partnerships/{}/plan-versions", pair.partnership);
    let draft = json!({"body": story("Not said yet.")});
    let draft = pair.a.admin.post(&versions, draft).await.expect(201);
    for wrong in [
        other_section.as_str(),
        draft["id"].as_str().unwrap(),
        "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000",
    ] {
        let told = json!({"core_story_id": wrong});
        let answer = report(&pair.a.admin, &path, "introduced", told).await;
        assert_eq!(
            answer.errors(),
            [("/core_story_id".to_owned(), "not_agreed".to_owned())],
            "{wrong}"
        );
    }
    let early = json!({"core_story_id": first, "occurred_on": "2026-02-01"});
    let early = report(&pair.a.admin, &path, "introduced", early).await;
    assert_eq!(
        early.errors(),
        [("/core_story_id".to_owned(), "not_agreed".to_owned())]
    );
    let nothing = json!({"core_story_id": first, "reason": "no_response"});
    let nothing = report(&pair.b.admin, &path, "not_engaged", nothing).await;
    assert_eq!(
        nothing.errors(),
        [("/core_story_id".to_owned(), "stage".to_owned())]
    );

    // One that has been replaced since can still be what was told.
    let told = json!({"core_story_id": first});
    let told = report(&pair.a.admin, &path, "introduced", told)
        .await
        .expect(200);
    assert_eq!(told["core_story_id"], first.as_str());
    let correct = json!({"stage": "introduced", "core_story_id": second, "correction_reason": "It was the new one."});
    let corrected = pair
        .a
        .admin
        .post(&format!("{path}/correct"), correct)
        .await
        .expect(200);
    assert_eq!(corrected["core_story_id"], second.as_str());
    // What follows keeps it, for both to read.
    report(&pair.b.admin, &path, "met", json!({}))
        .await
        .expect(200);
    for firm in [&pair.a, &pair.b] {
        assert_eq!(
            firm.admin.get(&path).await.expect(200)["core_story_id"],
            second.as_str()
        );
    }
}

#[tokio::test]
async fn where_nobody_was_introduced_no_story_was_told() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let story = agree(&pair, story("Two firms, one plan.")).await;
    let path = accepted(&pair, "Mary Greene").await;
    let told = json!({"core_story_id": story});
    report(&pair.b.admin, &path, "met", told).await.expect(200);
    let back = json!({"stage": "accepted", "correction_reason": "They never met."});
    let back = pair
        .b
        .admin
        .post(&format!("{path}/correct"), back)
        .await
        .expect(200);
    assert_eq!(back["core_story_id"], Value::Null);
    report(&pair.b.admin, &path, "introduced", json!({}))
        .await
        .expect(200);
    let entries = "/v1/reciprocity/entries?reached=introduced&core_story_told";
    for (told, count) in [("false", 1), ("true", 0)] {
        let page = pair
            .a
            .admin
            .get(&format!("{entries}={told}"))
            .await
            .expect(200);
        assert_eq!(page["data"].as_array().unwrap().len(), count, "{told}");
    }
}

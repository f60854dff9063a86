//! Where a timeline is heading.

use serde_json::json;

use super::{after, id};
use crate::support;

#[tokio::test]
async fn the_forecast_tells_finish_slack_and_the_critical_path_to_both() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    // The clock of the tests stands at 2026-03-02, a Monday.
    let letter = id(after(&pair, &pair.a, json!({"due_on": "2026-03-04"}), &[]).await).await;
    let review = json!({"owner": "them", "due_on": "2026-03-06", "length_days": 2});
    let review = id(after(&pair, &pair.a, review, &[(&letter, 1)]).await).await;
    let meeting = id(after(
        &pair,
        &pair.a,
        json!({"due_on": "2026-03-10"}),
        &[(&review, 1)],
    )
    .await)
    .await;
    let folder = id(after(&pair, &pair.a, json!({"due_on": "2026-03-05"}), &[]).await).await;
    let path = format!("/v1/partnerships/{}/forecast", pair.partnership);
    let told = pair.b.admin.get(&path).await.expect(200);
    assert_eq!(told["finish_on"], "2026-03-10");
    assert_eq!(told["critical_path"], json!([meeting]));
    let of = |told: &serde_json::Value, step: &str| {
        let steps = told["steps"].as_array().unwrap().clone();
        let found = steps.into_iter().find(|one| one["action_step_id"] == step);
        let one = found.unwrap();
        (one["finish_on"].clone(), one["slack_days"].clone())
    };
    assert_eq!(of(&told, &letter), (json!("2026-03-04"), json!(1)));
    assert_eq!(of(&told, &review), (json!("2026-03-06"), json!(1)));
    assert_eq!(of(&told, &folder), (json!("2026-03-05"), json!(3)));
    // Three days later the letter is late, and all that waits for it with it.
    quid.hand.advance_seconds(3 * 24 * 3600);
    let again = quid.sign_in(&pair.a.email).await;
    let told = again.get(&path).await.expect(200);
    assert_eq!(told["today_on"], "2026-03-05");
    assert_eq!(told["critical_path"], json!([letter, review, meeting]));
    assert_eq!(of(&told, &review), (json!("2026-03-09"), json!(0)));
}

#[tokio::test]
async fn a_timeline_without_open_steps_has_no_finish() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = format!("/v1/partnerships/{}/forecast", pair.partnership);
    let told = pair.a.admin.get(&path).await.expect(200);
    assert_eq!(told["finish_on"], serde_json::Value::Null);
    assert_eq!(
        (&told["steps"], &told["critical_path"]),
        (&json!([]), &json!([]))
    );
}

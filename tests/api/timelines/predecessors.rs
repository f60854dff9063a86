//! What waits for what.

use serde_json::{Value, json};

use super::{after, at, id};
use crate::support;

fn waits(ids: &[&str]) -> Value {
    let all: Vec<Value> = ids
        .iter()
        .map(|id| json!({"action_step_id": id, "lag": {"count": 0, "unit": "days"}}))
        .collect();
    json!({"after": all})
}

#[tokio::test]
async fn a_step_is_due_as_early_as_what_it_waits_for_lets_it() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let first = id(after(&pair, &pair.a, json!({"due_on": "2026-03-06"}), &[]).await).await;
    let made = after(&pair, &pair.a, json!({"length_days": 2}), &[(&first, 1)]).await;
    let made = made.expect(201);
    assert_eq!(
        (&made["due_on"], &made["length_days"]),
        (&json!("2026-03-10"), &json!(2))
    );
    let path = format!("{}/predecessors", at(made["id"].as_str().unwrap()));
    let told = pair.b.admin.get(&path).await.expect(200);
    assert_eq!(told["after"][0]["action_step_id"], first.as_str());
    assert_eq!(told["earliest_due_on"], "2026-03-10");
    let early = after(
        &pair,
        &pair.a,
        json!({"due_on": "2026-03-06"}),
        &[(&first, 1)],
    )
    .await;
    assert_eq!(early.problem(422), "invalid-fields");
    assert_eq!(
        early.errors(),
        [("/due_on".to_owned(), "before_predecessor".to_owned())]
    );
    let never = after(&pair, &pair.a, json!({}), &[]).await;
    assert_eq!(
        never.errors(),
        [("/due_on".to_owned(), "needed".to_owned())]
    );
}

#[tokio::test]
async fn nothing_waits_for_itself_nor_in_a_circle_nor_across_partnerships() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let other = quid.pair().await;
    let a = &pair.a.admin;
    let due = json!({"due_on": "2026-03-06"});
    let first = id(after(&pair, &pair.a, due.clone(), &[]).await).await;
    let second = id(after(&pair, &pair.a, json!({}), &[(&first, 0)]).await).await;
    let third = id(after(&pair, &pair.a, json!({}), &[(&second, 0)]).await).await;
    let foreign = id(after(&other, &other.a, due, &[]).await).await;
    let path = format!("{}/predecessors", at(&first));
    let wrong = a.put_seen(&path, waits(&[&first, &third, &foreign])).await;
    assert_eq!(wrong.problem(422), "invalid-fields");
    let place = |at: usize, code: &str| (format!("/after/{at}/action_step_id"), code.to_owned());
    assert_eq!(
        wrong.errors(),
        [place(0, "self"), place(1, "circle"), place(2, "unknown")]
    );
    let path = format!("{}/predecessors", at(&third));
    let twice = a.put_seen(&path, waits(&[&first, &first])).await;
    assert_eq!(twice.errors(), [place(1, "twice")]);
    let set = a
        .put_seen(&path, waits(&[&first, &second]))
        .await
        .expect(200);
    assert_eq!(set["after"].as_array().unwrap().len(), 2);
    // The same again changes nothing.
    let again = a
        .put_seen(&path, waits(&[&second, &first]))
        .await
        .expect(200);
    assert_eq!(again["version"], set["version"]);
    let cleared = a.put_seen(&path, json!({"after": []})).await.expect(200);
    assert_eq!(
        (&cleared["after"], &cleared["earliest_due_on"]),
        (&json!([]), &Value::Null)
    );
}

#[tokio::test]
async fn two_that_would_close_a_circle_at_once_do_not_both_succeed() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    for _ in 0..5 {
        let due = json!({"due_on": "2026-03-06"});
        let one = id(after(&pair, &pair.a, due.clone(), &[]).await).await;
        let other = id(after(&pair, &pair.a, due, &[]).await).await;
        let path = |step: &str| format!("{}/predecessors", at(step));
        let (first, second) = (path(&one), path(&other));
        let (left, right) = tokio::join!(
            pair.a.admin.put_seen(&first, waits(&[&other])),
            pair.a.admin.put_seen(&second, waits(&[&one])),
        );
        let mut statuses = [left.status.as_u16(), right.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422]);
    }
}

#[tokio::test]
async fn what_is_not_to_be_done_keeps_nobody_waiting() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let a = &pair.a.admin;
    let first = id(after(&pair, &pair.a, json!({"due_on": "2026-03-06"}), &[]).await).await;
    let second = id(after(&pair, &pair.a, json!({}), &[(&first, 3)]).await).await;
    let path = format!("{}/predecessors", at(&second));
    assert_eq!(
        a.get(&path).await.expect(200)["earliest_due_on"],
        "2026-03-11"
    );
    let done = json!({"done_on": "2026-03-02"});
    a.post(&format!("{}/complete", at(&first)), done)
        .await
        .expect(200);
    assert_eq!(
        a.get(&path).await.expect(200)["earliest_due_on"],
        "2026-03-05"
    );
    let reason = json!({"reason": "It came back."});
    a.post(&format!("{}/reopen", at(&first)), reason.clone())
        .await
        .expect(200);
    a.post(&format!("{}/skip", at(&first)), reason)
        .await
        .expect(200);
    assert_eq!(
        a.get(&path).await.expect(200)["earliest_due_on"],
        Value::Null
    );
}

#[tokio::test]
async fn the_owner_says_what_a_step_waits_for_and_a_closed_one_waits_for_nothing_new() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let due = json!({"due_on": "2026-03-06"});
    let first = id(after(&pair, &pair.a, due.clone(), &[]).await).await;
    let second = id(after(&pair, &pair.a, due, &[]).await).await;
    let path = format!("{}/predecessors", at(&second));
    let theirs = pair.b.admin.put_seen(&path, waits(&[&first])).await;
    assert_eq!(theirs.problem(403), "forbidden");
    let done = format!("{}/complete", at(&second));
    pair.a.admin.post(&done, json!({})).await.expect(200);
    let late = pair.a.admin.put_seen(&path, waits(&[&first])).await;
    assert_eq!(late.problem(409), "state-forbids");
}

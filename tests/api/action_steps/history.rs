//! What a step has been through, as both parties read it.

use serde_json::{Value, json};

use super::post;
use crate::support::{self, Actor};

fn because(reason: &str) -> Value {
    json!({"reason": reason})
}

async fn all(actor: &Actor, path: &str, limit: usize) -> Vec<Value> {
    let (mut page, mut records) = (format!("{path}?limit={limit}"), Vec::new());
    loop {
        let read = actor.get(&page).await.expect(200);
        let data = read["data"].as_array().unwrap();
        assert!(data.len() <= limit);
        records.extend(data.iter().cloned());
        match read["next_cursor"].as_str() {
            Some(cursor) => page = format!("{path}?limit={limit}&cursor={cursor}"),
            None => return records,
        }
    }
}

async fn member(actor: &Actor) -> Value {
    actor.get("/v1/me").await.expect(200)["member"]["id"].clone()
}

#[tokio::test]
async fn both_parties_read_every_state_who_brought_the_step_there_when_why_and_as_which_version() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = pair.step(&pair.a, "them", "2026-03-09").await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let machine = quid.api_client(&pair.b, &["action-steps:write"]).await;
    quid.hand.advance_seconds(60);
    post(b, &step, "accept", Value::Null).await;
    quid.hand.advance_seconds(60);
    post(&machine, &step, "begin", Value::Null).await;
    // Neither a date nor a new title is a state: versions 4 to 6.
    let date = json!({"due_on": "2026-03-16", "reason": "The client is abroad."});
    post(a, &step, "reschedule", date).await;
    post(b, &step, "accept", Value::Null).await;
    b.patch(&step, json!({"title": "Send both letters"}))
        .await
        .expect(200);
    post(b, &step, "complete", json!({})).await;
    post(b, &step, "reopen", because("It came back unsigned.")).await;
    post(b, &step, "cancel", because("The client has moved.")).await;
    post(a, &step, "agree-cancellation", Value::Null).await;
    let path = format!("{step}/history");
    let records = all(a, &path, 50).await;
    let told: Vec<_> = records
        .iter()
        .map(|one| {
            (
                &one["from_state"],
                &one["to_state"],
                &one["reason"],
                &one["version"],
            )
        })
        .collect();
    let none = Value::Null;
    let word = |word: &str| json!(word);
    let expected = [
        (none.clone(), word("proposed"), none.clone(), json!(1)),
        (word("proposed"), word("planned"), none.clone(), json!(2)),
        (word("planned"), word("in_progress"), none.clone(), json!(3)),
        (word("in_progress"), word("done"), none.clone(), json!(7)),
        (
            word("done"),
            word("in_progress"),
            word("It came back unsigned."),
            json!(8),
        ),
        (
            word("in_progress"),
            word("cancelled"),
            word("The client has moved."),
            json!(9),
        ),
    ];
    let expected: Vec<_> = expected.iter().map(|(f, t, r, v)| (f, t, r, v)).collect();
    assert_eq!(told, expected);
    let firms: Vec<_> = records
        .iter()
        .map(|one| one["recorded_by_firm_id"].clone())
        .collect();
    let (firm_a, firm_b) = (json!(pair.a.id), json!(pair.b.id));
    assert_eq!(firms[0], firm_a);
    assert!(firms[1..].iter().all(|firm| *firm == firm_b));
    assert_eq!(records[0]["recorded_by"], member(a).await);
    for place in [1, 3, 4, 5] {
        assert_eq!(records[place]["recorded_by"], member(b).await);
    }
    let by_machine = &records[2]["recorded_by"];
    assert!(by_machine.is_string() && *by_machine != member(b).await);
    let times: Vec<_> = records
        .iter()
        .map(|one| one["recorded_at"].as_str().unwrap())
        .collect();
    assert_eq!(
        times[..3],
        [
            "2026-03-02T09:30:00Z",
            "2026-03-02T09:31:00Z",
            "2026-03-02T09:32:00Z"
        ]
    );
    for limit in [1, 2, 5, 6] {
        for actor in [a, b] {
            assert_eq!(all(actor, &path, limit).await, records, "{limit} a page");
        }
    }
    let far = quid.firm("Far Away Trust").await;
    assert_eq!(far.admin.get(&path).await.problem(404), "not-found");
}

#[tokio::test]
async fn every_move_is_kept_beside_the_first_promise_with_its_reason_and_version() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = pair.step(&pair.a, "them", "2026-03-09").await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let to = |date: &str, reason: &str| json!({"due_on": date, "reason": reason});
    // What nobody has promised is moved by the one who proposed it.
    let moved = post(a, &step, "reschedule", to("2026-03-10", "Their season.")).await;
    assert_eq!(
        (&moved["due_on"], &moved["promised_on"]),
        (&json!("2026-03-10"), &Value::Null)
    );
    post(b, &step, "accept", Value::Null).await;
    post(b, &step, "reschedule", to("2026-03-20", "Our season.")).await;
    post(
        a,
        &step,
        "reschedule",
        to("2026-03-12", "Too late for her."),
    )
    .await;
    post(b, &step, "accept", Value::Null).await;
    post(b, &step, "complete", json!({"done_on": "2026-03-02"})).await;
    let reopened = post(b, &step, "reopen", because("It came back unsigned.")).await;
    assert_eq!(reopened["promised_on"], "2026-03-10");
    assert_eq!(reopened["done_on"], Value::Null);
    let last = post(b, &step, "reschedule", to("2026-04-01", "A second letter.")).await;
    assert_eq!(last["promised_on"], "2026-03-10");
    let path = format!("{step}/moves");
    let moves = all(b, &path, 50).await;
    let told: Vec<_> = moves
        .iter()
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap().to_owned();
            (
                text("from_on"),
                text("to_on"),
                text("reason"),
                one["version"].as_i64().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("2026-03-12", "2026-04-01", "A second letter.", 9),
        ("2026-03-20", "2026-03-12", "Too late for her.", 6),
        ("2026-03-10", "2026-03-20", "Our season.", 4),
        ("2026-03-09", "2026-03-10", "Their season.", 2),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(from, to, reason, version)| {
            let text = |word: &&str| (*word).to_owned();
            (text(from), text(to), text(reason), *version)
        })
        .collect();
    assert_eq!(told, expected);
    for (limit, actor) in [(1, a), (3, b)] {
        assert_eq!(all(actor, &path, limit).await, moves);
    }
}

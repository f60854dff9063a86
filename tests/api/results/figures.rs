//! Each metric is counted from the records, for both parties alike.

use serde_json::{Value, json};

use super::{agree, report};
use crate::support::{self, Actor, Pair};

fn metric(key: &str, kind: &str, party: Option<&str>, target: i64) -> Value {
    let currency = (kind == "realised_value").then_some("USD");
    json!({"key": key, "name": key, "kind": kind, "party": party, "target": target, "currency": currency,
        "starts_on": "2026-01-01", "ends_on": "2026-12-31", "direction": "at_least", "ramp": []})
}

fn definition() -> Value {
    let metrics = [
        metric("given", "introductions_given", Some("us"), 12),
        metric("received", "introductions_received", Some("us"), 12),
        metric("all", "introductions_given", None, 1),
        metric("accepted", "introductions_accepted", Some("us"), 6),
        metric("engaged", "introductions_engaged", Some("us"), 6),
        metric("worth", "realised_value", Some("us"), 900_000),
        metric("kept", "steps_kept", Some("them"), 2),
        metric("spoken", "conversations_kept", None, 40),
        metric("articles", "custom", None, 4),
    ];
    json!({"section": "success_definition", "expectations": "Not at once.", "metrics": metrics})
}

async fn results(by: &Actor, pair: &Pair) -> Value {
    let path = format!("/v1/partnerships/{}/results", pair.partnership);
    by.get(&path).await.expect(200)
}

fn of<'a>(results: &'a Value, key: &str) -> &'a Value {
    let all = results["metrics"].as_array().unwrap();
    all.iter().find(|one| one["key"] == key).unwrap()
}

/// A brings three clients: one engaged and worth something, one accepted, one offered; B brings one.
async fn history(pair: &Pair) {
    for (name, upto) in [("Mary Greene", 2), ("Ann Lee", 1), ("Bo Hill", 0)] {
        let path = pair.offer(name).await;
        if upto == 0 {
            continue;
        }
        pair.consent(&path).await;
        let accepted = pair
            .b
            .admin
            .post(&format!("{path}/accept"), Value::Null)
            .await;
        accepted.expect(200);
        if upto == 2 {
            let worth = json!({"realised_value": {"amount_minor": 250_000, "currency": "USD"}});
            let engaged = report(&pair.b.admin, &path, "engaged", worth).await;
            engaged.expect(200);
            let outcome = json!({"words": "A plan that she understands.", "rating": 5});
            let told = pair.b.admin.post(&format!("{path}/outcome"), outcome).await;
            told.expect(200);
        }
    }
    for (due_on, done_on) in [("2026-03-20", "2026-03-02"), ("2026-03-20", "2026-03-01")] {
        let step = pair.step(&pair.b, "us", due_on).await;
        let done = json!({"done_on": done_on});
        let complete = format!("{step}/complete");
        pair.b.admin.post(&complete, done).await.expect(200);
    }
}

#[tokio::test]
async fn each_metric_is_counted_from_the_records_and_names_them() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let version = agree(&pair, definition()).await;
    history(&pair).await;
    let told = results(&pair.a.admin, &pair).await;
    assert_eq!(told["plan_version_id"], version.as_str());
    assert_eq!(told["expectations"], "Not at once.");
    for (key, actual, pace) in [
        ("given", json!(3), "on_pace"),
        ("received", json!(0), "off_pace"),
        ("all", json!(3), "reached"),
        ("accepted", json!(2), "on_pace"),
        ("engaged", json!(1), "on_pace"),
        ("worth", json!(250_000), "on_pace"),
        ("kept", json!(2), "reached"),
        ("articles", Value::Null, "unknown"),
    ] {
        let one = of(&told, key);
        assert_eq!(
            (&one["actual"], &one["pace"]),
            (&actual, &json!(pace)),
            "{one}"
        );
        let records = one["records"].as_str().unwrap();
        let fetched = pair.a.admin.get(records).await.expect(200);
        let fetched = fetched["data"].as_array().unwrap();
        let sum = match key {
            "worth" => {
                let amounts = fetched
                    .iter()
                    .map(|one| one["realised_value"]["amount_minor"].as_i64());
                amounts.map(Option::unwrap).sum()
            }
            _ => i64::try_from(fetched.len()).unwrap(),
        };
        assert_eq!(sum, actual.as_i64().unwrap_or_default(), "{records}");
        // The series ends with the figure itself.
        let last = one["series"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&last["actual"], &last["expected"]),
            (&actual, &one["expected"])
        );
    }
    // January and February, and March so far.
    assert_eq!(of(&told, "given")["series"].as_array().unwrap().len(), 3);
    let outcome = &told["outcomes"][0];
    assert_eq!(
        (&outcome["told"], &outcome["mean_rating"]),
        (&json!(1), &json!(5.0))
    );
    let records = outcome["records"].as_str().unwrap();
    let fetched = pair.a.admin.get(records).await.expect(200);
    assert_eq!(fetched["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn both_parties_read_the_same_results_from_their_sides() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    agree(&pair, definition()).await;
    history(&pair).await;
    let ours = results(&pair.a.admin, &pair).await;
    let theirs = results(&pair.b.admin, &pair).await;
    let metrics = ours["metrics"].as_array().unwrap();
    for (one, other) in metrics.iter().zip(theirs["metrics"].as_array().unwrap()) {
        let side = |party: &Value| match party.as_str() {
            Some("us") => json!("them"),
            Some("them") => json!("us"),
            _ => Value::Null,
        };
        assert_eq!(one["party"], side(&other["party"]), "{one}");
        for name in ["key", "actual", "expected", "pace", "series", "target"] {
            assert_eq!(one[name], other[name], "{name} of {}", one["key"]);
        }
        let fetched = pair
            .b
            .admin
            .get(other["records"].as_str().unwrap())
            .await
            .expect(200);
        if other["key"] != "worth" {
            let count = fetched["data"].as_array().unwrap().len();
            assert_eq!(
                other["actual"].as_u64().unwrap_or_default(),
                u64::try_from(count).unwrap()
            );
        }
    }
}

#[tokio::test]
async fn what_no_record_can_count_is_reported_by_hand_by_either() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let readings = format!("/v1/partnerships/{}/metric-readings", pair.partnership);
    let reading =
        |key: &str, on: &str, figure: i64| json!({"key": key, "measured_on": on, "figure": figure});
    let early = pair
        .a
        .admin
        .post(&readings, reading("articles", "2026-03-01", 1))
        .await;
    assert_eq!(
        early.errors(),
        [("/key".to_owned(), "not_agreed".to_owned())]
    );
    agree(&pair, definition()).await;
    for key in ["given", "nothing"] {
        let wrong = pair
            .a
            .admin
            .post(&readings, reading(key, "2026-03-01", 1))
            .await;
        assert_eq!(
            wrong.errors(),
            [("/key".to_owned(), "not_agreed".to_owned())],
            "{key}"
        );
    }
    let ahead = pair
        .a
        .admin
        .post(&readings, reading("articles", "2026-03-30", 1))
        .await;
    assert_eq!(
        ahead.errors(),
        [("/measured_on".to_owned(), "in_the_future".to_owned())]
    );
    for (by, on, figure) in [
        (&pair.a, "2026-02-01", 1),
        (&pair.b, "2026-03-01", 3),
        (&pair.a, "2026-03-01", 2),
        (&pair.b, "2026-01-15", 9),
    ] {
        let made = by
            .admin
            .post(&readings, reading("articles", on, figure))
            .await;
        let made = made.expect(201);
        let path = format!("/v1/metric-readings/{}", made["id"].as_str().unwrap());
        for firm in [&pair.a, &pair.b] {
            assert_eq!(firm.admin.get(&path).await.expect(200)["figure"], figure);
        }
        quid.hand.advance_seconds(1);
    }
    // Of the two of the last day the one that was reported later.
    let told = results(&pair.b.admin, &pair).await;
    let articles = of(&told, "articles");
    assert_eq!(
        (&articles["actual"], &articles["pace"]),
        (&json!(2), &json!("on_pace"))
    );
    let by_month: Vec<_> = articles["series"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["actual"].clone())
        .collect();
    assert_eq!(by_month, [json!(9), json!(1), json!(2)]);
    let stranger = quid.firm("Canyon Law").await;
    stranger.admin.get(&readings).await.problem(404);
}

#[tokio::test]
async fn conversations_that_were_held_are_counted_for_both_and_those_behind_it_add_up() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    agree(&pair, definition()).await;
    let meetings = format!("/v1/partnerships/{}/meetings", pair.partnership);
    for held_at in ["2026-02-24T15:00:00Z", "2026-03-01T15:00:00Z"] {
        let body = json!({"held_at": held_at, "length_minutes": 30, "attendance": {"us": [], "them": []}, "topics": ["personal"]});
        pair.a.admin.post(&meetings, body).await.expect(201);
    }
    let planned = json!({"starts_at": "2026-03-20T15:00:00Z", "length_minutes": 30});
    pair.a.admin.post(&meetings, planned).await.expect(201);
    for by in [&pair.a.admin, &pair.b.admin] {
        let told = results(by, &pair).await;
        let spoken = of(&told, "spoken");
        assert_eq!(spoken["actual"], 2);
        let behind = by
            .get(spoken["records"].as_str().unwrap())
            .await
            .expect(200);
        assert_eq!(behind["data"].as_array().unwrap().len(), 2);
    }
}

//! What is done to a meeting: moved, skipped, held, and its minutes written.

use serde_json::{Value, json};

use super::{DAY, address, feed, held_now, hold, member_id, partners, pass};
use crate::support;

#[tokio::test]
async fn a_meeting_is_moved_with_its_reason_and_stays_the_same_of_the_series() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let before = pair.planned().await.remove(1);
    let path = format!("{}/move", address(&before));
    let body =
        json!({"starts_at": "2026-03-12T21:00:00Z", "reason": "Dana is in court on Tuesday."});
    let moved = pair.b.admin.post(&path, body).await.expect(200);
    for (name, expected) in [
        ("starts_at", json!("2026-03-12T21:00:00Z")),
        ("first_starts_at", before["starts_at"].clone()),
        ("occurrence_on", json!("2026-03-10")),
        ("moved_reason", json!("Dana is in court on Tuesday.")),
        ("state", json!("planned")),
        ("version", json!(2)),
        (
            "starts_local_us",
            json!({"shown_on": "2026-03-12", "time": "15:00", "time_zone": "America/Denver"}),
        ),
    ] {
        assert_eq!(moved[name], expected, "{name}");
    }
    let told = feed(&quid, &pair.a, "meeting").await;
    assert_eq!(told.last().unwrap().0, "move");
    let past = json!({"starts_at": "2026-03-01T21:00:00Z", "reason": "Too late."});
    let refused = pair.a.admin.post(&path, past).await;
    assert_eq!(
        refused.errors(),
        [("/starts_at".to_owned(), "in_the_past".to_owned())]
    );
}

#[tokio::test]
async fn a_meeting_is_skipped_with_its_reason_and_then_nothing_is_done_to_it() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let first = pair.planned().await.remove(0);
    let path = |verb: &str| format!("{}/{verb}", address(&first));
    let reason = json!({"reason": "A holiday."});
    let skipped = pair
        .a
        .admin
        .post(&path("skip"), reason.clone())
        .await
        .expect(200);
    assert_eq!(
        (&skipped["state"], &skipped["skipped_reason"]),
        (&json!("skipped"), &json!("A holiday."))
    );
    assert_eq!(skipped["coverage"], Value::Null);
    let again = pair.b.admin.post(&path("skip"), reason).await;
    assert_eq!(again.problem(409), "state-forbids");
    assert_eq!(
        (&again.json()["state"], &again.json()["allowed"]),
        (&json!("skipped"), &json!([]))
    );
    let moved = json!({"starts_at": "2026-03-12T21:00:00Z", "reason": "After all."});
    assert_eq!(
        pair.b.admin.post(&path("move"), moved).await.problem(409),
        "state-forbids"
    );
    assert_eq!(
        pair.b
            .admin
            .post(&path("hold"), held_now(&quid))
            .await
            .problem(409),
        "state-forbids"
    );
}

#[tokio::test]
async fn a_meeting_is_held_once_by_whoever_is_first_and_both_read_who_was_there() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let first = pair.planned().await.remove(0);
    pass(&quid, &mut pair, DAY + 8 * 3600).await;
    let (ana, dana) = (
        member_id(&pair.a.admin).await,
        member_id(&pair.b.admin).await,
    );
    let path = format!("{}/hold", address(&first));
    let body = json!({"held_at": "2026-03-03T16:35:00Z", "attendance": {"us": [ana], "them": [dana]},
        "topics": ["introductions", "results", "personal"], "minutes_text": "Both read the plan."});
    let of_b = json!({"held_at": "2026-03-03T16:35:00Z", "attendance": {"us": [dana], "them": [ana]}, "topics": []});
    let (one, other) = tokio::join!(
        pair.a.admin.post(&path, body),
        pair.b.admin.post(&path, of_b)
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let read = pair.a.admin.get(&address(&first)).await.expect(200);
    assert_eq!(
        (&read["state"], &read["held_at"]),
        (&json!("held"), &json!("2026-03-03T16:35:00Z"))
    );
    assert_eq!(read["attendance"], json!({"us": [ana], "them": [dana]}));
    let mirrored = pair.b.admin.get(&address(&first)).await.expect(200);
    assert_eq!(mirrored["attendance"], json!({"us": [dana], "them": [ana]}));
    let again = pair.a.admin.post(&path, held_now(&quid)).await;
    assert_eq!(
        (again.problem(409), again.json()["state"].clone()),
        ("state-forbids".to_owned(), json!("held"))
    );
}

#[tokio::test]
async fn what_can_not_be_of_a_held_meeting_is_named_all_at_once() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let first = pair.planned().await.remove(0);
    let (ana, dana) = (
        member_id(&pair.a.admin).await,
        member_id(&pair.b.admin).await,
    );
    let body = json!({"held_at": "2026-03-04T16:35:00Z", "attendance": {"us": [ana, dana], "them": [dana, dana]},
        "topics": ["team", "team"]});
    let refused = pair
        .a
        .admin
        .post(&format!("{}/hold", address(&first)), body)
        .await;
    assert_eq!(refused.problem(422), "invalid-fields");
    let expected = [
        ("/attendance/them/1", "repeated"),
        ("/attendance/us/1", "unknown"),
        ("/held_at", "in_the_future"),
        ("/topics/1", "repeated"),
    ];
    assert_eq!(
        refused.errors(),
        expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
    );
}

#[tokio::test]
async fn a_conversation_besides_the_series_was_held_or_is_planned_and_not_both() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.at("meetings");
    let held =
        json!({"held_at": "2026-03-02T09:00:00Z", "length_minutes": 12, "topics": ["personal"]});
    let held = pair.a.admin.post(&path, held).await.expect(201);
    for (name, expected) in [
        ("state", json!("held")),
        ("plan_version_id", Value::Null),
        ("occurrence_on", json!("2026-03-02")),
        ("length_minutes", json!(12)),
        ("coverage", json!(0.1)),
    ] {
        assert_eq!(held[name], expected, "{name}");
    }
    let planned = json!({"starts_at": "2026-03-05T20:00:00Z"});
    let planned = pair.b.admin.post(&path, planned).await.expect(201);
    assert_eq!(
        (&planned["state"], &planned["length_minutes"]),
        (&json!("planned"), &json!(30))
    );
    assert_eq!(hold(&quid, &pair.a.admin, &planned).await["state"], "held");
    let codes = async |body: Value| pair.a.admin.post(&path, body).await.errors();
    let one = |at: &str, code: &str| vec![(at.to_owned(), code.to_owned())];
    assert_eq!(codes(json!({})).await, one("/starts_at", "needed"));
    let both = json!({"starts_at": "2026-03-05T20:00:00Z", "held_at": "2026-03-02T09:00:00Z"});
    assert_eq!(codes(both).await, one("/starts_at", "not_of_kind"));
    assert_eq!(
        codes(json!({"starts_at": "2026-03-01T20:00:00Z"})).await,
        one("/starts_at", "in_the_past")
    );
    assert_eq!(
        codes(json!({"held_at": "2026-03-02T09:31:00Z"})).await,
        one("/held_at", "in_the_future")
    );
    let topics = json!({"starts_at": "2026-03-05T20:00:00Z", "topics": ["team"]});
    assert_eq!(codes(topics).await, one("/topics", "not_of_kind"));
}

#[tokio::test]
async fn both_write_the_minutes_and_neither_undoes_the_others_work() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let path = address(&pair.planned().await[0]);
    let (ours, theirs) = (pair.a.admin.get(&path).await, pair.b.admin.get(&path).await);
    let tags = (
        ours.header("etag").to_owned(),
        theirs.header("etag").to_owned(),
    );
    let first = pair
        .a
        .admin
        .patch_with(&path, &tags.0, json!({"minutes_text": "Ana wrote."}))
        .await;
    assert_eq!(first.expect(200)["version"], 2);
    let late = pair
        .b
        .admin
        .patch_with(&path, &tags.1, json!({"minutes_text": "Dana wrote."}))
        .await;
    assert_eq!(late.problem(412), "precondition-failed");
    let again = pair
        .b
        .admin
        .patch(&path, json!({"minutes_text": "Both wrote."}))
        .await;
    assert_eq!(again.expect(200)["minutes_text"], "Both wrote.");
    // What is like this already is no change.
    let same = pair
        .b
        .admin
        .patch(&path, json!({"minutes_text": "Both wrote."}))
        .await;
    assert_eq!(same.expect(200)["version"], 3);
    let told = feed(&quid, &pair.a, "meeting").await;
    assert_eq!(
        told.iter()
            .filter(|(action, ..)| action == "updated")
            .count(),
        2
    );

    // Nor does who records that it was held.
    let mut held = super::held_now(&quid);
    held["minutes_text"] = json!("Ana's, from an old screen.");
    let hold = format!("{path}/hold");
    let refused = pair.a.admin.post(&hold, held.clone()).await;
    assert_eq!(refused.problem(422), "invalid-fields");
    assert_eq!(refused.json()["errors"][0]["pointer"], "/minutes_text");
    held["minutes_text"] = Value::Null;
    let held = pair.a.admin.post(&hold, held).await.expect(200);
    assert_eq!(held["minutes_text"], "Both wrote.");
}

//! What a report says of steps and stages that depends on where and when they happened.

use serde_json::{Value, json};

use super::Partners;
use crate::support::{self, Firm, Quid};

/// How many steps of ours and of theirs are past their date, as a firm that signs in now reads it.
async fn overdue(quid: &Quid, firm: &Firm, partners: &Partners) -> Option<(usize, usize)> {
    let by = quid.sign_in(&firm.email).await;
    let told = by.get(&partners.report()).await.expect(200);
    let causes = told["diagnosis"]["causes"].as_array().unwrap();
    let cause = causes.iter().find(|one| one["part"] == "action_steps")?;
    let finding = &cause["findings"][0];
    assert_eq!(finding["rule"], "overdue", "{told}");
    let ids = finding["action_step_ids"].as_array().unwrap();
    let mut sides = (0, 0);
    for id in ids {
        let step = format!("/v1/action-steps/{}", id.as_str().unwrap());
        match by.get(&step).await.expect(200)["owner"].as_str() {
            Some("us") => sides.0 += 1,
            other => {
                assert_eq!(other, Some("them"));
                sides.1 += 1;
            }
        }
    }
    let words = format!("{} of your party, {} of the other", sides.0, sides.1);
    assert!(
        finding["words"].as_str().unwrap().contains(&words),
        "{finding}"
    );
    Some(sides)
}

#[tokio::test]
async fn a_step_is_late_once_its_date_has_passed_where_its_owner_is() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    let (a, b) = (&partners.a, &partners.b);
    // A is in Denver, seven hours behind UTC, B in Auckland, thirteen ahead.
    let there = json!({"time_zone": "Pacific/Auckland"});
    b.admin.patch("/v1/firm", there).await.expect(200);
    for _ in 0..3 {
        partners.introduce(a, b, "offered", None).await;
    }
    let steps = format!("/v1/partnerships/{}/action-steps", partners.partnership);
    for by in [a, b] {
        let step =
            json!({"owner": "us", "kind": "internal", "title": "Call", "due_on": "2026-03-02"});
        by.admin.post(&steps, step).await.expect(201);
    }
    // It is 9:30 in UTC: in Denver the day has begun, in Auckland it ends at eleven.
    assert_eq!(overdue(&quid, a, &partners).await, None);
    for (hours, theirs, ours) in [(2, 1, 0), (15, 1, 0), (6, 1, 1)] {
        quid.hand.advance_seconds(hours * 3600);
        let seen_by_a = overdue(&quid, a, &partners).await;
        assert_eq!(seen_by_a, Some((ours, theirs)), "{}", quid.now());
        let seen_by_b = overdue(&quid, b, &partners).await;
        assert_eq!(seen_by_b, Some((theirs, ours)), "{}", quid.now());
    }
}

/// What the ledger's migration finds out of earlier histories is what introductions keep from then on.
#[tokio::test]
async fn earlier_introductions_get_what_their_histories_say() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    let (a, b) = (&partners.a, &partners.b);
    let mut expected = Vec::new();
    for stage in [
        "draft",
        "offered",
        "accepted",
        "introduced",
        "met",
        "engaged",
    ] {
        let path = partners.introduce(a, b, stage, None).await;
        expected.push((path, (stage != "draft").then_some(stage)));
    }
    // What came to an end has still come so far.
    for (stage, by, verb) in [
        ("draft", a, "withdraw"),
        ("offered", b, "decline"),
        ("accepted", b, "decline"),
        ("meeting_set", a, "withdraw"),
    ] {
        let path = partners.introduce(a, b, stage, None).await;
        super::verb(&by.admin, &path, verb).await;
        expected.push((path, (stage != "draft").then_some(stage)));
    }
    // What was taken back was not reached.
    for (reported, corrected, reached) in [
        ("met", "meeting_set", "meeting_set"),
        ("met", "met", "met"),
        ("met", "accepted", "accepted"),
        ("engaged", "not_engaged", "accepted"),
        ("introduced", "engaged", "engaged"),
    ] {
        let path = partners.introduce(a, b, reported, None).await;
        let reason = (corrected == "not_engaged").then_some("no_response");
        let body = json!({"stage": corrected, "reason": reason, "occurred_on": "2026-03-01", "correction_reason": "A slip."});
        let correct = format!("{path}/correct");
        b.admin.post(&correct, body).await.expect(200);
        expected.push((path, Some(reached)));
    }
    let client = quid.db.connect().await;
    let kept = "SELECT '/v1/introductions/' || id, reached,
                       to_json(ARRAY[accepted_on, introduced_on, meeting_set_on, met_on, engaged_on])::text
                  FROM introductions ORDER BY id";
    let read = async || -> Vec<(String, Option<String>, Value)> {
        let rows = client.query(kept, &[]).await.unwrap();
        let dates = |text: &str| serde_json::from_str(text).unwrap();
        rows.iter()
            .map(|row| (row.get(0), row.get(1), dates(row.get(2))))
            .collect()
    };
    let before = read().await;
    for (path, reached) in &expected {
        let row = before.iter().find(|(one, ..)| one == path).unwrap();
        assert_eq!(row.1.as_deref(), *reached, "{path}");
    }
    assert_eq!(before.len(), expected.len());
    for step in [
        include_str!("../../../migrations/2026-11-26-000073_ledger/down.sql"),
        include_str!("../../../migrations/2026-11-26-000073_ledger/up.sql"),
    ] {
        client.batch_execute(step).await.unwrap();
    }
    assert_eq!(read().await, before);
}

//! Reminders of what was promised.

use serde_json::{Value, json};

use crate::support::{self, Quid};

const DAY: i64 = 24 * 3600;

/// The mails that remind somebody.
async fn reminders(quid: &Quid, email: &str) -> Vec<String> {
    let mails = quid.mails_to(email).await;
    mails
        .into_iter()
        .filter(|mail| mail.contains("you have promised"))
        .collect()
}

#[tokio::test]
async fn who_has_promised_a_step_is_reminded_before_and_after_its_date_and_each_time_once() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    // The clock of the tests stands at 2026-03-02 in the morning of the firms' zone, or before it.
    let step = pair.step(&pair.a, "us", "2026-03-06").await;
    pair.step(&pair.a, "them", "2026-03-06").await;
    quid.hand.advance_seconds(DAY / 2);
    quid.come_round("remind").await;
    assert!(
        reminders(&quid, &pair.a.email).await.is_empty(),
        "it is too early"
    );
    quid.hand.advance_seconds(2 * DAY);
    quid.come_round("remind").await;
    quid.come_round("remind").await;
    let told = reminders(&quid, &pair.a.email).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("Hartwell CPAs") && told[0].contains("due on 2026-03-06"),
        "{told:?}"
    );
    assert!(!told[0].contains("Send the letter"), "{told:?}");
    // What B has not taken on is no promise.
    assert!(reminders(&quid, &pair.b.email).await.is_empty());
    quid.hand.advance_seconds(3 * DAY);
    quid.come_round("remind").await;
    quid.come_round("remind").await;
    let told = reminders(&quid, &pair.a.email).await;
    assert_eq!(told.len(), 2, "{told:?}");
    // Another date is reminded of anew.
    let a = quid.sign_in(&pair.a.email).await;
    let body = json!({"due_on": "2026-03-09", "reason": "We travel."});
    a.post(&format!("{step}/reschedule"), body)
        .await
        .expect(200);
    quid.come_round("remind").await;
    assert_eq!(reminders(&quid, &pair.a.email).await.len(), 3);
}

#[tokio::test]
async fn two_replicas_at_once_remind_once() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    for _ in 0..5 {
        pair.step(&pair.a, "us", "2026-03-03").await;
    }
    quid.hand.advance_seconds(DAY / 2);
    tokio::join!(quid.come_round("remind"), quid.come_round("remind"));
    let told = reminders(&quid, &pair.a.email).await;
    let lines: usize = told
        .iter()
        .map(|mail| mail.matches("A step with").count())
        .sum();
    assert_eq!(lines, 5, "{told:?}");
}

#[tokio::test]
async fn a_paused_partnership_is_not_reminded_of() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    pair.step(&pair.a, "us", "2026-03-03").await;
    let pause = format!("/v1/partnerships/{}/pause", pair.partnership);
    let reason = json!({"reason": "Our season."});
    pair.a.admin.post(&pause, reason).await.expect(200);
    quid.hand.advance_seconds(DAY / 2);
    quid.come_round("remind").await;
    assert!(reminders(&quid, &pair.a.email).await.is_empty());
    let resume = format!("/v1/partnerships/{}/resume", pair.partnership);
    let a = quid.sign_in(&pair.a.email).await;
    a.post(&resume, Value::Null).await.expect(200);
    quid.come_round("remind").await;
    assert_eq!(reminders(&quid, &pair.a.email).await.len(), 1);
}

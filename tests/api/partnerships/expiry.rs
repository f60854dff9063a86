//! A proposal that nobody answers expires, and what can be done afterwards.

use serde_json::{Value, json};

use super::{carry_out, feed, open, propose, signed_in_again};
use crate::support::{self, Actor, Firm, Quid};

const DAY: i64 = 24 * 3600;
const EXPIRE: &str = "expire_proposals";

async fn state(by: &Actor, path: &str) -> Value {
    by.get(path).await.expect(200)["state"].clone()
}

/// Moves the clock on and lets what is due expire; the two firms, signed in again.
async fn after(quid: &Quid, seconds: i64, a: &Firm, b: &Firm) -> (Firm, Firm) {
    quid.hand.advance_seconds(seconds);
    quid.come_round(EXPIRE).await;
    (
        signed_in_again(quid, a).await,
        signed_in_again(quid, b).await,
    )
}

#[tokio::test]
async fn a_proposal_can_be_answered_for_thirty_days_and_no_longer() {
    let quid = support::start().await;
    let (a, b) = tokio::join!(quid.firm("A"), quid.firm("B"));
    let path = propose(&a.admin, &b.email).await;
    let (a, b) = after(&quid, 30 * DAY - 1, &a, &b).await;
    assert_eq!(state(&a.admin, &path).await, "proposed");
    assert_eq!(state(&b.admin, &path).await, "proposed");
    let (a, b) = after(&quid, 1, &a, &b).await;
    for firm in [&a, &b] {
        let expired = firm.admin.get(&path).await.expect(200);
        assert_eq!(expired["state"], "expired");
        assert_eq!(expired["closed_at"], "2026-04-01T09:30:00Z");
        assert_eq!(
            (&expired["answered_at"], &expired["reason"]),
            (&Value::Null, &Value::Null)
        );
    }
}

#[tokio::test]
async fn after_thirty_one_days_both_firms_are_told_and_the_proposer_learns_nothing_by_it() {
    let quid = support::start().await;
    let (a, b) = tokio::join!(quid.firm("A"), quid.firm("B"));
    let (known, nobody) = (b.email.clone(), "nobody@elsewhere.example");
    let paths = [
        propose(&a.admin, &known).await,
        propose(&a.admin, nobody).await,
    ];
    let (a, b) = after(&quid, 31 * DAY, &a, &b).await;
    let mut seen = Vec::new();
    for (path, email) in [(&paths[0], known.as_str()), (&paths[1], nobody)] {
        let mut one = a.admin.get(path).await.expect(200);
        assert_eq!(one["state"], "expired");
        assert_eq!(one["recipient_email"], email);
        for own in ["id", "recipient_email"] {
            one[own].take();
        }
        seen.push(one);
    }
    assert_eq!(seen[0], seen[1]);
    let told = feed(&quid, &a.id).await;
    assert_eq!(
        told[told.len() - 2..],
        ["partnership expire 2", "partnership expire 2"]
    );
    let told = feed(&quid, &b.id).await;
    assert_eq!(told.last().unwrap(), "partnership expire 2");
    // Nobody did it.
    let log = "/v1/audit-entries?kind=partnership&action=expire";
    for (firm, count) in [(&a, 2), (&b, 1)] {
        let log = firm.admin.get(log).await.expect(200);
        let entries = log["data"].as_array().unwrap().clone();
        assert_eq!(entries.len(), count);
        assert!(entries.iter().all(|entry| entry["actor_id"].is_null()));
    }
    // The next time round finds nothing to do.
    let before = feed(&quid, &a.id).await;
    quid.come_round(EXPIRE).await;
    assert_eq!(feed(&quid, &a.id).await, before);
}

#[tokio::test]
async fn what_has_expired_is_answered_no_more_and_may_be_proposed_anew() {
    let quid = support::start().await;
    let (a, b) = tokio::join!(quid.firm("A"), quid.firm("B"));
    let old = propose(&a.admin, &b.email).await;
    let (a, b) = after(&quid, 31 * DAY, &a, &b).await;
    for (firm, verb) in [
        (&b, "accept"),
        (&b, "decline"),
        (&a, "withdraw"),
        (&a, "end"),
    ] {
        let body = super::body_of(verb);
        let refused = firm.admin.post(&format!("{old}/{verb}"), body).await;
        assert_eq!(refused.problem(409), "state-forbids");
        assert_eq!(refused.json()["state"], "expired");
        assert_eq!(refused.json()["allowed"], json!([]));
    }
    // It stays to be read, with each side's notes.
    let note = json!({"body": "Never heard of them again."});
    let note = b
        .admin
        .post(&format!("{old}/notes"), note)
        .await
        .expect(201);
    let note = format!("/v1/partnership-notes/{}", note["id"].as_str().unwrap());
    assert_eq!(a.admin.get(&note).await.problem(404), "not-found");
    let listed = a
        .admin
        .get("/v1/partnerships?state=expired")
        .await
        .expect(200);
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);

    // The other proposing now meets nothing: it is a proposal of its own.
    let new = propose(&b.admin, &a.email).await;
    assert_ne!(new, old);
    assert_eq!(state(&b.admin, &new).await, "proposed");
    assert_eq!(
        carry_out(&a.admin, &new, "accept").await["state"],
        "exploring"
    );
    assert_eq!(state(&a.admin, &old).await, "expired");
    assert_eq!(open(&a.admin).await.len(), 1);
}

#[tokio::test]
async fn what_was_answered_in_time_does_not_expire() {
    let quid = support::start().await;
    let a = quid.firm("A").await;
    let mut expected = Vec::new();
    for (verb, to) in [
        ("accept", "exploring"),
        ("decline", "declined"),
        ("withdraw", "withdrawn"),
    ] {
        let b = quid.firm("B").await;
        let path = propose(&a.admin, &b.email).await;
        let by = if verb == "withdraw" { &a } else { &b };
        carry_out(&by.admin, &path, verb).await;
        expected.push((path, to));
    }
    let before = feed(&quid, &a.id).await;
    let (a, _) = after(&quid, 31 * DAY, &a, &a).await;
    for (path, to) in expected {
        assert_eq!(state(&a.admin, &path).await, to);
    }
    assert_eq!(feed(&quid, &a.id).await, before);
}

#[tokio::test]
async fn an_answer_at_the_moment_of_expiry_holds_or_comes_too_late_and_two_replicas_expire_once() {
    let quid = support::start().await;
    let (mut a, mut b) = tokio::join!(quid.firm("A"), quid.firm("B"));
    let mut in_time = 0;
    for round in 0..10 {
        let path = propose(&a.admin, &b.email).await;
        quid.hand.advance_seconds(30 * DAY);
        a = signed_in_again(&quid, &a).await;
        b = signed_in_again(&quid, &b).await;
        let before = feed(&quid, &a.id).await.len();
        let accept = format!("{path}/accept");
        let (answer, (), ()) = tokio::join!(
            b.admin.post(&accept, Value::Null),
            quid.come_round(EXPIRE),
            quid.come_round(EXPIRE),
        );
        let told = feed(&quid, &a.id).await[before..].to_vec();
        if answer.status == 200 {
            in_time += 1;
            assert_eq!(told, ["partnership accept 2"], "round {round}");
            assert_eq!(state(&a.admin, &path).await, "exploring");
            carry_out(&a.admin, &path, "end").await;
        } else {
            assert_eq!(answer.problem(409), "state-forbids");
            assert_eq!(answer.json()["state"], "expired");
            assert_eq!(told, ["partnership expire 2"], "round {round}");
        }
    }
    println!("{in_time} of 10 answers came in time");
}

//! The gate to `active`: what the foundation lacks, and whose turn it is.

use serde_json::{Value, json};

use super::{agree, business, exploring, ideal_client, profile, success, understanding};
use crate::support::{self, Actor, Pair, Quid};

async fn activate(by: &Actor, pair: &Pair) -> support::Answer {
    let path = format!("/v1/partnerships/{}/activate", pair.partnership);
    by.post(&path, Value::Null).await
}

/// What the 409 says is missing, which the plan says too, as `part: whose turn`.
async fn lacking(by: &Actor, pair: &Pair) -> Vec<String> {
    let refused = activate(by, pair).await;
    assert_eq!(refused.problem(409), "state-forbids");
    assert_eq!(refused.json()["state"], "exploring");
    let plan = by.get(&pair.plan()).await.expect(200);
    assert_eq!(plan["missing"], refused.json()["gaps"]);
    assert_eq!(refused.json()["missing"], "foundation");
    assert_eq!(plan["is_ready"], false);
    let gaps = plan["missing"].as_array().unwrap().clone();
    gaps.iter()
        .map(|gap| {
            let sides: Vec<_> = gap["waits_for"].as_array().unwrap().iter().collect();
            let sides: Vec<_> = sides.iter().map(|side| side.as_str().unwrap()).collect();
            format!("{}: {}", gap["part"].as_str().unwrap(), sides.join(" "))
        })
        .collect()
}

/// The newest decision counts, so time goes by between two.
async fn decide(quid: &Quid, by: &Actor, pair: &Pair, decision: &str) -> Value {
    quid.hand.advance_seconds(1);
    let path = format!("/v1/partnerships/{}/plan-decisions", pair.partnership);
    let body = json!({"decision": decision, "reason": "So we see it."});
    by.post(&path, body).await.expect(201)
}

async fn waive(by: &Actor, pair: &Pair, section: &str) -> support::Answer {
    let path = format!("/v1/partnerships/{}/plan-waivers", pair.partnership);
    by.post(&path, json!({"section": section, "reason": "We know."}))
        .await
}

#[tokio::test]
async fn two_firms_with_nothing_walk_to_active_and_every_premature_step_says_what_is_missing() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    assert_eq!(
        lacking(a, &pair).await,
        [
            "business_understanding: us them",
            "ideal_client: us them",
            "success_definition: us them",
            "decision: us them"
        ]
    );
    let first = understanding(business("Wealth.", false), Value::Null);
    let first = pair.propose(a, first, None).await;
    assert_eq!(lacking(a, &pair).await[0], "business_understanding: them");
    assert_eq!(lacking(b, &pair).await[0], "business_understanding: us");
    let answer = understanding(business("Tax.", true), business("Wealth.", false));
    let second = pair.propose(b, answer, Some(&first)).await;
    assert_eq!(lacking(a, &pair).await[0], "business_understanding: us");
    let whole = understanding(business("Wealth.", true), business("Tax.", true));
    let third = pair.propose(a, whole, Some(&second)).await;
    agree(b, &third).await.expect(200);
    assert_eq!(lacking(a, &pair).await[0], "ideal_client: us them");

    let first = ideal_client(profile(500_000.0), Value::Null);
    let first = pair.propose(a, first, None).await;
    let answer = ideal_client(profile(250_000.0), profile(500_000.0));
    let second = pair.propose(b, answer, Some(&first)).await;
    agree(a, &second).await.expect(200);
    let metric = pair.propose(b, success(json!("them")), None).await;
    agree(a, &metric).await.expect(200);
    assert_eq!(lacking(b, &pair).await, ["decision: us them"]);
    decide(&quid, a, &pair, "proceed").await;
    assert_eq!(lacking(b, &pair).await, ["decision: us"]);
    decide(&quid, b, &pair, "do_not_proceed").await;
    assert_eq!(lacking(b, &pair).await, ["decision: us"]);
    decide(&quid, b, &pair, "proceed").await;
    assert_eq!(b.get(&pair.plan()).await.expect(200)["is_ready"], true);
    assert_eq!(activate(b, &pair).await.expect(200)["state"], "active");

    // A "no" while active is shown to both, and ends nothing by itself.
    decide(&quid, a, &pair, "do_not_proceed").await;
    let plan = b.get(&pair.plan()).await.expect(200);
    assert_eq!(plan["their_decision"]["decision"], "do_not_proceed");
    assert_eq!(plan["partnership_state"], "active");
    let list = format!("/v1/partnerships/{}/plan-decisions", pair.partnership);
    let all = a.get(&list).await.expect(200);
    let said: Vec<_> = all["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!(
                "{} {}",
                one["party"].as_str().unwrap(),
                one["decision"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "us do_not_proceed",
            "them proceed",
            "them do_not_proceed",
            "us proceed"
        ]
    );
}

#[tokio::test]
async fn a_section_is_waived_by_both_or_not_at_all() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let ours = waive(a, &pair, "ideal_client").await.expect(201);
    assert_eq!(lacking(a, &pair).await[1], "ideal_client: them");
    assert_eq!(
        waive(a, &pair, "ideal_client").await.problem(409),
        "already-exists"
    );
    waive(b, &pair, "ideal_client").await.expect(201);
    assert_eq!(
        lacking(a, &pair).await,
        [
            "business_understanding: us them",
            "success_definition: us them",
            "decision: us them"
        ]
    );
    let path = format!("/v1/plan-waivers/{}/withdraw", ours["id"].as_str().unwrap());
    assert_eq!(b.post(&path, Value::Null).await.problem(403), "forbidden");
    let withdrawn = a.post(&path, Value::Null).await.expect(200);
    assert!(withdrawn["withdrawn_at"].is_string());
    assert_eq!(
        a.post(&path, Value::Null).await.problem(409),
        "state-forbids"
    );
    assert_eq!(lacking(a, &pair).await[1], "ideal_client: us");

    support::lay_foundation_but(a, b, &pair.partnership, &["ideal_client"]).await;
    let again = waive(a, &pair, "ideal_client").await.expect(201);
    activate(a, &pair).await.expect(200);
    // What a partnership stands on is not taken away under it.
    let path = format!(
        "/v1/plan-waivers/{}/withdraw",
        again["id"].as_str().unwrap()
    );
    let late = a.post(&path, Value::Null).await;
    assert_eq!(late.problem(409), "state-forbids");
    assert_eq!(
        late.json()["needed_partnership_state"],
        json!(["exploring"])
    );
}

#[tokio::test]
async fn a_decision_and_the_activation_at_once_end_in_what_both_stand_behind() {
    let quid = support::start().await;
    for round in 0..6 {
        let pair = exploring(&quid).await;
        let (a, b) = (&pair.a.admin, &pair.b.admin);
        support::lay_foundation(a, b, &pair.partnership).await;
        let path = format!("/v1/partnerships/{}/plan-decisions", pair.partnership);
        let no = json!({"decision": "do_not_proceed", "reason": "Not any more."});
        let (active, decided) = tokio::join!(activate(a, &pair), b.post(&path, no));
        decided.expect(201);
        let decided_at =
            b.get(&pair.plan()).await.expect(200)["our_decision"]["decided_at"].clone();
        if active.status == 200 {
            // Then it was active before the decision was there.
            assert_eq!(active.json()["state"], "active");
        } else {
            assert_eq!(
                active.problem(409),
                "state-forbids",
                "round {round} {decided_at}"
            );
            assert_eq!(active.json()["gaps"][0]["part"], "decision");
        }
    }
}

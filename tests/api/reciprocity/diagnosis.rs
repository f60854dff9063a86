//! An imbalance comes with its likely cause, out of the records.

use serde_json::{Value, json};

use super::{Partners, verb};
use crate::support::{self, Quid};

/// The rules that fired, by part, in the order in which they are told.
fn fired(told: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let causes = told["diagnosis"]["causes"].as_array().unwrap();
    causes
        .iter()
        .flat_map(|cause| {
            let findings = cause["findings"].as_array().unwrap();
            findings
                .iter()
                .map(|finding| (text(&cause["part"]), text(&finding["rule"])))
        })
        .collect()
}

fn has(told: &Value, part: &str, rule: &str) -> bool {
    fired(told).contains(&(part.to_owned(), rule.to_owned()))
}

async fn one_sided(quid: &Quid) -> Partners {
    let partners = Partners::new(quid).await;
    for _ in 0..3 {
        partners
            .introduce(&partners.a, &partners.b, "offered", None)
            .await;
    }
    partners
}

#[tokio::test]
async fn without_an_alert_there_is_no_diagnosis() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    partners
        .introduce(&partners.a, &partners.b, "offered", None)
        .await;
    let told = partners.a.admin.get(&partners.report()).await.expect(200);
    assert_eq!(
        (&told["alert"], &told["diagnosis"]),
        (&json!(false), &Value::Null)
    );
    for _ in 0..2 {
        partners
            .introduce(&partners.b, &partners.a, "offered", None)
            .await;
    }
    // 1 against 2: a third.
    let told = partners.a.admin.get(&partners.report()).await.expect(200);
    assert_eq!(
        (&told["verdict"], &told["diagnosis"]),
        (&json!("balanced"), &Value::Null)
    );
}

#[tokio::test]
async fn both_parties_are_told_of_steps_that_were_never_promised_and_of_those_that_are_late() {
    let quid = support::start().await;
    let partners = one_sided(&quid).await;
    let (a, b) = (&partners.a.admin, &partners.b.admin);
    let steps = format!("/v1/partnerships/{}/action-steps", partners.partnership);
    for by in [a, b] {
        let told = by.get(&partners.report()).await.expect(200);
        assert!(
            told["alert"] == true && has(&told, "action_steps", "missing"),
            "{told}"
        );
    }
    let step =
        |due: &str| json!({"owner": "us", "kind": "internal", "title": "Call", "due_on": due});
    b.post(&steps, step("2026-03-02")).await.expect(201);
    let told = a.get(&partners.report()).await.expect(200);
    assert!(
        !has(&told, "action_steps", "missing") && !has(&told, "action_steps", "overdue"),
        "{told}"
    );
    b.post(&steps, step("2026-03-01")).await.expect(201);
    let told = a.get(&partners.report()).await.expect(200);
    assert!(has(&told, "action_steps", "overdue"), "{told}");
}

#[tokio::test]
async fn declines_for_want_of_fit_speak_for_the_ideal_client() {
    let quid = support::start().await;
    let partners = one_sided(&quid).await;
    let told = partners.b.admin.get(&partners.report()).await.expect(200);
    assert!(!has(&told, "ideal_client", "not_a_fit"), "{told}");
    for _ in 0..3 {
        let path = partners
            .introduce(&partners.a, &partners.b, "offered", None)
            .await;
        verb(&partners.b.admin, &path, "decline").await;
    }
    let told = partners.b.admin.get(&partners.report()).await.expect(200);
    assert!(has(&told, "ideal_client", "not_a_fit"), "{told}");
}

#[tokio::test]
async fn four_weeks_without_anything_speak_for_the_protocol() {
    let quid = support::start().await;
    let partners = one_sided(&quid).await;
    for (days, silent) in [(27, false), (1, true)] {
        quid.hand.advance_seconds(days * 24 * 3600);
        let a = quid.sign_in(&partners.a.email).await;
        let told = a.get(&partners.report()).await.expect(200);
        assert_eq!(
            has(&told, "communication_protocol", "silent"),
            silent,
            "{told}"
        );
    }
}

/// Both parties agree how the two keep talking.
async fn agree_protocol(partners: &Partners, threshold: f64, measure: &str) {
    let (a, b) = (&partners.a.admin, &partners.b.admin);
    let me = |value: Value| value["member"]["id"].clone();
    let (us, them) = (
        me(a.get("/v1/me").await.expect(200)),
        me(b.get("/v1/me").await.expect(200)),
    );
    let body = json!({
        "section": "communication_protocol", "weekday": "tuesday", "time": "09:30", "time_zone": "America/Denver",
        "minutes": 30, "members": {"us": [us], "them": [them]}, "document_period": "P1M", "meal_cadence": "P3M",
        "imbalance_threshold": threshold, "balance_measure": measure, "first_answer_target": "P2D",
    });
    let versions = format!("/v1/partnerships/{}/plan-versions", partners.partnership);
    let made = a.post(&versions, json!({"body": body})).await.expect(201);
    let path = format!("/v1/plan-versions/{}", made["id"].as_str().unwrap());
    let proposed = json!({"counters_id": null});
    a.post(&format!("{path}/propose"), proposed)
        .await
        .expect(200);
    b.post(&format!("{path}/agree"), Value::Null)
        .await
        .expect(200);
}

#[tokio::test]
async fn a_section_that_both_waive_weighs_less_than_one_that_is_missing_and_one_in_force_nothing() {
    let quid = support::start().await;
    let partners = one_sided(&quid).await;
    let told = partners.a.admin.get(&partners.report()).await.expect(200);
    assert_eq!(told["diagnosis"]["plan_known"], true);
    // The three that a partnership needs are waived here, and nothing else of the plan is there.
    let expected = [
        ("service_models", "missing"),
        ("core_story", "missing"),
        ("action_steps", "missing"),
        ("communication_protocol", "missing"),
        ("business_understanding", "waived"),
        ("ideal_client", "waived"),
        ("success_definition", "waived"),
    ];
    assert_eq!(
        fired(&told),
        expected.map(|(part, rule)| (part.to_owned(), rule.to_owned()))
    );
    agree_protocol(&partners, 0.5, "introductions").await;
    let told = partners.b.admin.get(&partners.report()).await.expect(200);
    assert!(!has(&told, "communication_protocol", "missing"), "{told}");
}

#[tokio::test]
async fn the_balance_is_told_by_what_the_parties_agreed() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    let (a, b) = (&partners.a, &partners.b);
    // 2 to 1 by what was accepted, which is a third; all in all it is 3 to 1.
    for (by, to, stage) in [
        (a, b, "accepted"),
        (a, b, "met"),
        (b, a, "accepted"),
        (a, b, "offered"),
    ] {
        partners.introduce(by, to, stage, None).await;
    }
    let told = a.admin.get(&partners.report()).await.expect(200);
    assert_eq!(
        (&told["balance"], &told["verdict"]),
        (&json!(0.5), &json!("balanced"))
    );
    agree_protocol(&partners, 0.3, "accepted").await;
    let terms = json!({"measure": "accepted", "threshold": 0.3, "minimum": 3, "agreed": true});
    for (firm, verdict, sign) in [(a, "we_give_more", 1.0), (b, "they_give_more", -1.0)] {
        let told = firm.admin.get(&partners.report()).await.expect(200);
        assert_eq!(told["terms"], terms);
        assert_eq!(told["balance"].as_f64(), Some(sign / 3.0));
        assert_eq!(told["verdict"], verdict);
        let all = firm.admin.get("/v1/reciprocity").await.expect(200);
        let row = &all["partnerships"][0];
        for name in ["terms", "balance", "verdict", "whose_turn"] {
            assert_eq!(row[name], told[name], "{name}");
        }
        // Over all partnerships, which each agree on something else, it is told as is usual.
        assert_eq!(all["terms"]["agreed"], false);
        assert_eq!(all["balance"].as_f64(), Some(sign / 2.0));
    }
}

//! Every arrow of a partnership's states over HTTP, and every non-arrow.

use serde_json::{Value, json};

use crate::support::{self, Firm, Quid};

const STATES: [&str; 6] = [
    "proposed",
    "exploring",
    "active",
    "declined",
    "withdrawn",
    "ended",
];

/// A partnership that was brought into a state; its address.
async fn brought_to(quid: &Quid, a: &Firm, state: &str) -> (Firm, String) {
    let b = quid.firm("B").await;
    let made = a
        .admin
        .post("/v1/partnerships", json!({"email": b.email}))
        .await
        .expect(201);
    let path = format!("/v1/partnerships/{}", made["id"].as_str().unwrap());
    let reason = json!({"reason": "So be it."});
    let steps: &[(&Firm, &str, Value)] = match state {
        "proposed" => &[],
        "exploring" => &[(&b, "accept", Value::Null)],
        "active" => &[(&b, "accept", Value::Null), (a, "activate", Value::Null)],
        "declined" => &[(&b, "decline", reason)],
        "withdrawn" => &[(a, "withdraw", Value::Null)],
        _ => &[(&b, "accept", Value::Null), (a, "end", reason)],
    };
    for (firm, verb, body) in steps {
        firm.admin
            .post(&format!("{path}/{verb}"), body.clone())
            .await
            .expect(200);
    }
    (b, path)
}

/// By hand from the product's description: who may do what from where, and where it leads.
fn expected(state: &str, verb: &str, by_proposer: bool) -> Result<&'static str, u16> {
    match (verb, by_proposer) {
        ("accept" | "decline", true) | ("withdraw", false) => Err(403),
        ("accept", _) if state == "proposed" => Ok("exploring"),
        ("decline", _) if state == "proposed" => Ok("declined"),
        ("withdraw", _) if state == "proposed" => Ok("withdrawn"),
        ("activate", _) if state == "exploring" => Ok("active"),
        ("end", _) if state == "exploring" || state == "active" => Ok("ended"),
        _ => Err(409),
    }
}

#[tokio::test]
async fn every_arrow_leads_where_it_should_and_every_other_is_refused_with_what_is_allowed() {
    let quid = support::start().await;
    let a = quid.firm("A").await;
    for state in STATES {
        for verb in ["accept", "decline", "withdraw", "activate", "end"] {
            let (b, path) = brought_to(&quid, &a, state).await;
            for by_proposer in [true, false] {
                let firm = if by_proposer { &a } else { &b };
                let body = if matches!(verb, "decline" | "end") {
                    json!({"reason": "No."})
                } else {
                    Value::Null
                };
                let before = firm.admin.get(&path).await.expect(200);
                let answer = firm.admin.post(&format!("{path}/{verb}"), body).await;
                match expected(before["state"].as_str().unwrap(), verb, by_proposer) {
                    Ok(to) => assert_eq!(answer.expect(200)["state"], to, "{state} {verb}"),
                    Err(status) => {
                        let kind = answer.problem(status);
                        if kind == "state-forbids" {
                            assert_eq!(answer.json()["state"], before["state"], "{state} {verb}");
                            assert!(
                                !answer.json()["allowed"]
                                    .as_array()
                                    .unwrap()
                                    .contains(&json!(verb))
                            );
                        }
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn ending_withdraws_drafts_and_open_offers_and_leaves_what_was_accepted() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (draft, offer, accepted) = (
        pair.draft("One").await,
        pair.offer("Two").await,
        pair.offer("Three").await,
    );
    pair.b
        .admin
        .post(&format!("{accepted}/accept"), Value::Null)
        .await
        .expect(200);
    let path = format!("/v1/partnerships/{}", pair.partnership);
    pair.b
        .admin
        .post(&format!("{path}/end"), json!({"reason": "We merge."}))
        .await
        .expect(200);
    let ended = pair.a.admin.get(&path).await.expect(200);
    assert_eq!(
        (&ended["state"], &ended["reason"]),
        (&json!("ended"), &json!("We merge."))
    );
    assert_eq!(ended["ended_by_firm_id"], json!(pair.b.id));
    let stage = async |path: &str| pair.a.admin.get(path).await.expect(200)["stage"].clone();
    assert_eq!(stage(&draft).await, "withdrawn");
    assert_eq!(stage(&offer).await, "withdrawn");
    assert_eq!(stage(&accepted).await, "accepted");
    // The receiver never hears of what was never offered.
    assert_eq!(pair.b.admin.get(&draft).await.problem(404), "not-found");
    pair.b
        .admin
        .post(
            &format!("{accepted}/stages"),
            json!({"stage": "not_engaged", "reason": "other"}),
        )
        .await
        .expect(200);
}

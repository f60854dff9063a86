//! The agenda is made from the records, and names no client.

use serde_json::{Value, json};

use super::{DAY, address, partners, pass, text};
use crate::support::{self, Firm};

async fn agenda(by: &Firm, meeting: &Value) -> Value {
    by.admin
        .get(&format!("{}/agenda", address(meeting)))
        .await
        .expect(200)
}

/// The entries of a section, each as its kind and the id behind it.
fn entries(agenda: &Value, topic: &str) -> Vec<(String, Value)> {
    let sections = agenda["sections"].as_array().unwrap();
    let section = sections.iter().find(|one| one["topic"] == topic).unwrap();
    let entries = section["entries"].as_array().unwrap().iter();
    entries
        .map(|entry| (text(entry, "kind").to_owned(), entry["record_id"].clone()))
        .collect()
}

#[tokio::test]
async fn an_agenda_brings_up_what_is_open_and_names_no_client() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let planned = pair.planned().await;
    let offer = pair.offer("Zebulon Quartermaine").await;
    let offered = pair.a.admin.get(&offer).await.expect(200);
    let talk = json!({"owner": "us", "kind": "client_conversation", "introduction_id": offered["id"], "channel": "phone",
        "topic": "The sale of a practice", "title": "Call", "due_on": "2026-03-09"});
    let talk = pair
        .a
        .admin
        .post(&pair.at("action-steps"), talk)
        .await
        .expect(201);
    let overdue = pair.step(&pair.a, "us", "2026-03-03").await;
    let due = pair.step(&pair.b, "us", "2026-03-09").await;
    pair.step(&pair.b, "us", "2026-03-20").await;
    // Laid on the other and not accepted: no promise yet.
    pair.step(&pair.b, "them", "2026-03-09").await;
    pass(&quid, &mut pair, 2 * DAY).await;
    let last = |address: &str| json!(address.rsplit('/').next().unwrap());

    for (firm, answers) in [(&pair.a, "them"), (&pair.b, "us")] {
        let told = agenda(firm, &planned[0]).await;
        let introductions = [
            ("introduction_to_answer".to_owned(), offered["id"].clone()),
            ("client_to_speak_to".to_owned(), talk["id"].clone()),
        ];
        assert_eq!(entries(&told, "introductions"), introductions);
        let steps = [
            ("step_overdue".to_owned(), last(&overdue)),
            ("step_due".to_owned(), last(&due)),
        ];
        assert_eq!(entries(&told, "action_steps"), steps);
        for part in ["service_models", "core_story"] {
            assert_eq!(entries(&told, part)[0].0, "plan_part_missing");
        }
        // Waived by both, or agreed.
        assert!(entries(&told, "ideal_client").is_empty() && entries(&told, "team").is_empty());
        let sections = told["sections"].as_array().unwrap();
        assert_eq!(sections.len(), 10);
        let answer = &sections
            .iter()
            .find(|one| one["topic"] == "introductions")
            .unwrap()["entries"][0];
        assert_eq!(
            (&answer["party"], &answer["reference"]),
            (&json!(answers), &offered["reference"])
        );
        assert_eq!(told["next_starts_at"], planned[1]["starts_at"]);
    }
    // Not even the introducer's, since what is spoken about is the same for both.
    for meeting in &planned[..2] {
        for firm in [&pair.a, &pair.b] {
            let answer = firm
                .admin
                .get(&format!("{}/agenda", address(meeting)))
                .await;
            let found = answer.text().to_lowercase();
            assert!(
                !found.contains("zebulon") && !found.contains("quartermaine"),
                "{found}"
            );
        }
    }
}

#[tokio::test]
async fn an_agenda_tells_an_imbalance_and_what_is_off_pace() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let metric = json!({"key": "given", "name": "Introductions", "kind": "introductions_received", "party": "us", "target": 300,
        "currency": null, "starts_on": "2026-01-01", "ends_on": "2026-12-31", "direction": "at_least", "ramp": []});
    let body = json!({"section": "success_definition", "expectations": "Slow at first.", "metrics": [metric]});
    let made = a
        .post(&pair.at("plan-versions"), json!({"body": body}))
        .await
        .expect(201);
    let at = |verb: &str| format!("/v1/plan-versions/{}/{verb}", text(&made, "id"));
    a.post(&at("propose"), json!({})).await.expect(200);
    b.post(&at("agree"), Value::Null).await.expect(200);
    for number in 0..4 {
        let path = pair.offer(&format!("Client {number}")).await;
        pair.consent(&path).await;
        b.post(&format!("{path}/accept"), Value::Null)
            .await
            .expect(200);
    }
    pass(&quid, &mut pair, DAY).await;
    let first = pair.planned().await.remove(0);
    let told = agenda(&pair.b, &first).await;
    assert_eq!(entries(&told, "introductions")[0].0, "imbalance");
    assert_eq!(entries(&told, "results")[0].0, "result_off_pace");
    let other = agenda(&pair.a, &first).await;
    assert_eq!(entries(&other, "introductions")[0].0, "imbalance");
}

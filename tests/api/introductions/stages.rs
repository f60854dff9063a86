//! Every arrow of an introduction's stages over HTTP, and every non-arrow; the history.

use serde_json::{Value, json};

use crate::support::{self, Pair};

const STAGES: [&str; 10] = [
    "draft",
    "offered",
    "accepted",
    "introduced",
    "meeting_set",
    "met",
    "engaged",
    "not_engaged",
    "declined",
    "withdrawn",
];
const VERBS: [&str; 9] = [
    "offer",
    "withdraw",
    "accept",
    "decline",
    "introduced",
    "meeting_set",
    "met",
    "engaged",
    "not_engaged",
];

fn call(path: &str, verb: &str) -> (String, Value) {
    match verb {
        "decline" => (format!("{path}/decline"), json!({"reason": "no_capacity"})),
        "not_engaged" => (
            format!("{path}/stages"),
            json!({"stage": verb, "reason": "no_response"}),
        ),
        "offer" | "withdraw" | "accept" => (format!("{path}/{verb}"), Value::Null),
        stage => (format!("{path}/stages"), json!({"stage": stage})),
    }
}

/// An introduction, with consent, that was brought to a stage.
async fn brought_to(pair: &Pair, stage: &str, name: &str) -> String {
    let path = pair.draft(name).await;
    pair.consent(&path).await;
    let steps: &[(bool, &str)] = match stage {
        "draft" => &[],
        "offered" => &[(true, "offer")],
        "accepted" => &[(true, "offer"), (false, "accept")],
        "declined" => &[(true, "offer"), (false, "decline")],
        "withdrawn" => &[(true, "withdraw")],
        _ => &[(true, "offer"), (false, "accept"), (false, stage)],
    };
    for (by_introducer, verb) in steps {
        let firm = if *by_introducer { &pair.a } else { &pair.b };
        let verb = if *verb == stage { stage } else { verb };
        let (to, body) = call(&path, verb);
        firm.admin.post(&to, body).await.expect(200);
    }
    path
}

/// By hand from the product's description: who may do what from where, and where it leads.
fn expected(stage: &str, verb: &str, by_introducer: bool) -> Result<&'static str, u16> {
    let path = ["accepted", "introduced", "meeting_set", "met"];
    let place = path.iter().position(|one| *one == stage);
    let open = place.is_some() || stage == "draft" || stage == "offered";
    match (verb, by_introducer) {
        ("offer" | "withdraw", false) => Err(403),
        ("accept" | "decline", true) => Err(403),
        ("meeting_set" | "met" | "engaged" | "not_engaged", true) => Err(403),
        ("offer", _) if stage == "draft" => Ok("offered"),
        ("withdraw", _) if open => Ok("withdrawn"),
        ("accept", _) if stage == "offered" => Ok("accepted"),
        ("decline", _) if stage == "offered" || stage == "accepted" => Ok("declined"),
        ("introduced", _) if place.is_some_and(|p| p < 1) => Ok("introduced"),
        ("meeting_set", _) if place.is_some_and(|p| p < 2) => Ok("meeting_set"),
        ("met", _) if place.is_some_and(|p| p < 3) => Ok("met"),
        ("engaged", _) if place.is_some() => Ok("engaged"),
        ("not_engaged", _) if place.is_some() => Ok("not_engaged"),
        _ => Err(409),
    }
}

#[tokio::test]
async fn every_arrow_leads_where_it_should_and_every_other_is_refused_with_what_is_allowed() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    for stage in STAGES {
        for verb in VERBS {
            for by_introducer in [true, false] {
                let path =
                    brought_to(&pair, stage, &format!("{stage} {verb} {by_introducer}")).await;
                let firm = if by_introducer { &pair.a } else { &pair.b };
                let (to, body) = call(&path, verb);
                let answer = firm.admin.post(&to, body).await;
                let hidden = stage == "draft" || stage == "withdrawn";
                let expected = if hidden && !by_introducer {
                    Err(404)
                } else {
                    expected(stage, verb, by_introducer)
                };
                let about = format!(
                    "{stage} {verb} by introducer {by_introducer}: {}",
                    answer.text()
                );
                match expected {
                    Ok(leads_to) => assert_eq!(answer.expect(200)["stage"], leads_to, "{about}"),
                    Err(status) => assert_eq!(answer.status.as_u16(), status, "{about}"),
                }
            }
        }
    }
}

#[tokio::test]
async fn offering_and_accepting_need_an_active_partnership() {
    let quid = support::start().await;
    let (a, b) = (quid.firm("A").await, quid.firm("B").await);
    let proposed = a
        .admin
        .post("/v1/partnerships", json!({"email": b.email}))
        .await
        .expect(201);
    let partnership = proposed["id"].as_str().unwrap().to_owned();
    b.admin
        .post(
            &format!("/v1/partnerships/{partnership}/accept"),
            Value::Null,
        )
        .await
        .expect(200);
    let pair = Pair { a, b, partnership };
    let draft = pair.draft("Early Bird").await;
    let early = pair
        .a
        .admin
        .post(&format!("{draft}/offer"), Value::Null)
        .await;
    assert_eq!(early.problem(409), "state-forbids");
    assert_eq!(early.json()["missing"], "active_partnership");
    support::lay_foundation(&pair.a.admin, &pair.b.admin, &pair.partnership).await;
    pair.b
        .admin
        .post(
            &format!("/v1/partnerships/{}/activate", pair.partnership),
            Value::Null,
        )
        .await
        .expect(200);
    pair.a
        .admin
        .post(&format!("{draft}/offer"), Value::Null)
        .await
        .expect(200);
}

#[tokio::test]
async fn the_history_tells_who_when_recorded_and_when_it_happened() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer("Mary Greene").await;
    pair.consent(&path).await;
    pair.b
        .admin
        .post(&format!("{path}/accept"), Value::Null)
        .await
        .expect(200);
    let met = json!({"stage": "met", "occurred_on": "2026-02-27"});
    pair.b
        .admin
        .post(&format!("{path}/stages"), met)
        .await
        .expect(200);
    let seen = pair
        .b
        .admin
        .get(&format!("{path}/stages"))
        .await
        .expect(200);
    let stages: Vec<_> = seen["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| stage["stage"].clone())
        .collect();
    assert_eq!(stages, ["offered", "accepted", "met"]);
    assert_eq!(seen["data"][2]["occurred_on"], "2026-02-27");
    assert_eq!(seen["data"][2]["recorded_at"], "2026-03-02T09:30:00Z");
    assert_eq!(seen["data"][2]["recorded_by_firm_id"], json!(pair.b.id));
    let own = pair
        .a
        .admin
        .get(&format!("{path}/stages"))
        .await
        .expect(200);
    assert_eq!(own["data"][0]["stage"], "draft");
    let tomorrow = json!({"stage": "engaged", "occurred_on": "2026-03-03"});
    let early = pair.b.admin.post(&format!("{path}/stages"), tomorrow).await;
    assert_eq!(
        early.errors(),
        [("/occurred_on".to_owned(), "future".to_owned())]
    );
}

#[tokio::test]
async fn a_reason_is_asked_for_where_it_came_to_nothing_and_nowhere_else() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer("Mary Greene").await;
    pair.consent(&path).await;
    pair.b
        .admin
        .post(&format!("{path}/accept"), Value::Null)
        .await
        .expect(200);
    let stages = format!("{path}/stages");
    let none = pair
        .b
        .admin
        .post(&stages, json!({"stage": "not_engaged"}))
        .await;
    assert_eq!(none.errors(), [("/reason".to_owned(), "stage".to_owned())]);
    let odd = pair
        .b
        .admin
        .post(&stages, json!({"stage": "met", "reason": "other"}))
        .await;
    assert_eq!(odd.errors(), [("/reason".to_owned(), "stage".to_owned())]);
    let worth = json!({"amount_minor": 120_000, "currency": "USD"});
    let odd = pair
        .b
        .admin
        .post(&stages, json!({"stage": "met", "realised_value": worth}))
        .await;
    assert_eq!(
        odd.errors(),
        [("/realised_value".to_owned(), "stage".to_owned())]
    );
    let engaged = pair
        .b
        .admin
        .post(
            &stages,
            json!({"stage": "engaged", "realised_value": worth}),
        )
        .await
        .expect(200);
    assert_eq!(engaged["realised_value"], worth);
    assert_eq!(engaged["closed_at"], "2026-03-02T09:30:00Z");
}

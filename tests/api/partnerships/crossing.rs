//! Proposals that cross become one partnership, whichever way they meet.

use serde_json::{Value, json};

use super::{an_hour_older, carry_out, feed, open, propose};
use crate::support::{self, Answer, Firm, Quid};

/// Rounds of what may meet at the same moment in one way or another.
const ROUNDS: usize = 30;

async fn two_firms(quid: &Quid) -> (Firm, Firm) {
    tokio::join!(quid.firm("Red Mesa Wealth"), quid.firm("Hartwell CPAs"))
}

#[tokio::test]
async fn whoever_proposes_to_a_lead_that_has_proposed_accepts_it() {
    let quid = support::start().await;
    let (a, b) = two_firms(&quid).await;
    let body = json!({"email": b.email, "message": "Shall we?"});
    let first = a.admin.post("/v1/partnerships", body).await.expect(201);
    let body = json!({"email": a.email, "message": "We would like to."});
    let met = b.admin.post("/v1/partnerships", body).await;
    assert_eq!(met.status, 201, "{}", met.text());
    let tag = met.header("etag").to_owned();
    let met = met.json();
    assert_eq!(met["id"], first["id"]);
    assert_eq!(
        (&met["state"], &met["side"]),
        (&json!("exploring"), &json!("recipient"))
    );
    assert_eq!(met["message"], "Shall we?");
    assert_eq!(met["them"]["firm_name"], "Red Mesa Wealth");

    // Both see the one, and nothing else.
    let path = format!("/v1/partnerships/{}", first["id"].as_str().unwrap());
    let seen = b.admin.get(&path).await;
    assert_eq!(seen.header("etag"), tag);
    assert_eq!(seen.expect(200), met);
    let seen = a.admin.get(&path).await.expect(200);
    assert_eq!(
        (&seen["state"], &seen["side"]),
        (&json!("exploring"), &json!("proposer"))
    );
    assert_eq!(seen["them"]["firm_name"], "Hartwell CPAs");
    for firm in [&a, &b] {
        let all = firm.admin.get("/v1/partnerships").await.expect(200);
        assert_eq!(all["data"].as_array().unwrap().len(), 1);
        let told = feed(&quid, &firm.id).await;
        assert_eq!(
            told[2..],
            ["partnership proposed 1", "partnership accept 2"]
        );
    }
    for (by, to) in [(&a, &b), (&b, &a)] {
        let again = by
            .admin
            .post("/v1/partnerships", json!({"email": to.email}))
            .await;
        assert_eq!(again.problem(409), "already-exists");
    }
}

#[tokio::test]
async fn a_proposal_with_an_id_of_its_own_that_meets_another_answers_with_the_others_ever_after() {
    let quid = support::start().await;
    let (a, b) = two_firms(&quid).await;
    let first = propose(&a.admin, &b.email).await;
    let own = "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a77";
    let body = json!({"id": own, "email": a.email});
    let met = b
        .admin
        .post("/v1/partnerships", body.clone())
        .await
        .expect(201);
    assert_eq!(
        format!("/v1/partnerships/{}", met["id"].as_str().unwrap()),
        first
    );
    let again = b.admin.post("/v1/partnerships", body).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.expect(201), met);
    let nothing = b.admin.get(&format!("/v1/partnerships/{own}")).await;
    assert_eq!(nothing.problem(404), "not-found");
    assert_eq!(open(&b.admin).await.len(), 1);
}

/// That one partnership is there, that both see it as it is, and that all else was refused.
async fn one_came_of_it(firms: [&Firm; 2], answers: &[Answer], about: &str) -> Value {
    let made: Vec<Value> = answers
        .iter()
        .filter(|answer| answer.status.is_success())
        .map(Answer::json)
        .collect();
    assert!(!made.is_empty(), "{about}");
    for answer in answers.iter().filter(|answer| !answer.status.is_success()) {
        answer.problem(409);
    }
    let [seen, other] = [open(&firms[0].admin).await, open(&firms[1].admin).await];
    assert_eq!(
        (seen.len(), other.len()),
        (1, 1),
        "{about}: {seen:?}, {other:?}"
    );
    assert_eq!(seen[0]["id"], other[0]["id"], "{about}");
    for one in &made {
        assert_eq!(one["id"], seen[0]["id"], "{about}");
    }
    seen[0].clone()
}

#[tokio::test]
async fn of_proposals_made_at_the_same_moment_one_accepts_the_other() {
    let quid = support::start().await;
    let (a, b) = two_firms(&quid).await;
    let mut proposers = [0, 0];
    for round in 0..ROUNDS {
        an_hour_older(&quid).await;
        let before = (
            feed(&quid, &a.id).await.len(),
            feed(&quid, &b.id).await.len(),
        );
        let (one, two) = tokio::join!(
            a.admin.post("/v1/partnerships", json!({"email": b.email})),
            b.admin.post("/v1/partnerships", json!({"email": a.email})),
        );
        let about = format!("round {round}: {} and {}", one.text(), two.text());
        assert_eq!(
            (one.status.as_u16(), two.status.as_u16()),
            (201, 201),
            "{about}"
        );
        let states = [one.json()["state"].clone(), two.json()["state"].clone()];
        assert!(states.contains(&json!("proposed")), "{about}");
        assert!(states.contains(&json!("exploring")), "{about}");
        let came = one_came_of_it([&a, &b], &[one, two], &about).await;
        assert_eq!(came["state"], "exploring", "{about}");
        for (firm, before) in [(&a, before.0), (&b, before.1)] {
            let told = feed(&quid, &firm.id).await;
            let expected = ["partnership proposed 1", "partnership accept 2"];
            assert_eq!(told[before..], expected, "{about}");
        }
        proposers
            [usize::from(came["us"]["firm_id"] == json!(a.id) && came["side"] == "proposer")] += 1;
        let path = format!("/v1/partnerships/{}", came["id"].as_str().unwrap());
        carry_out(&a.admin, &path, "end").await;
    }
    println!("the first was A's in {} of {ROUNDS} rounds", proposers[1]);
}

#[tokio::test]
async fn two_of_each_sides_at_the_same_moment_come_to_one_partnership_too() {
    let quid = support::start().await;
    let (a, b) = two_firms(&quid).await;
    for round in 0..ROUNDS {
        an_hour_older(&quid).await;
        let (to_b, to_a) = (json!({"email": b.email}), json!({"email": a.email}));
        let (one, two, three, four) = tokio::join!(
            a.admin.post("/v1/partnerships", to_b.clone()),
            b.admin.post("/v1/partnerships", to_a.clone()),
            a.admin.post("/v1/partnerships", to_b),
            b.admin.post("/v1/partnerships", to_a),
        );
        let about = format!("round {round}");
        let came = one_came_of_it([&a, &b], &[one, two, three, four], &about).await;
        let path = format!("/v1/partnerships/{}", came["id"].as_str().unwrap());
        assert_eq!(came["state"], "exploring", "{about}");
        carry_out(&b.admin, &path, "end").await;
    }
}

#[tokio::test]
async fn a_proposal_that_is_taken_back_while_another_meets_it_leaves_one_all_the_same() {
    let quid = support::start().await;
    let (a, b) = two_firms(&quid).await;
    for round in 0..ROUNDS {
        an_hour_older(&quid).await;
        let first = propose(&a.admin, &b.email).await;
        let take_back = format!("{first}/withdraw");
        let (back, met) = tokio::join!(
            a.admin.post(&take_back, Value::Null),
            b.admin.post("/v1/partnerships", json!({"email": a.email})),
        );
        let about = format!("round {round}: {} and {}", back.text(), met.text());
        let met = met.expect(201);
        let was_met = format!("/v1/partnerships/{}", met["id"].as_str().unwrap()) == first;
        assert_eq!(
            back.status.as_u16(),
            if was_met { 409 } else { 200 },
            "{about}"
        );
        let (seen, other) = (open(&a.admin).await, open(&b.admin).await);
        assert_eq!((seen.len(), other.len()), (1, 1), "{about}");
        assert_eq!(
            (&seen[0]["id"], &other[0]["id"]),
            (&met["id"], &met["id"]),
            "{about}"
        );
        let path = format!("/v1/partnerships/{}", met["id"].as_str().unwrap());
        let verb = if was_met { "end" } else { "withdraw" };
        carry_out(&b.admin, &path, verb).await;
    }
}

#[tokio::test]
async fn of_two_answers_and_a_withdrawal_at_the_same_moment_one_holds() {
    let quid = support::start().await;
    let (a, b) = two_firms(&quid).await;
    for round in 0..ROUNDS {
        an_hour_older(&quid).await;
        let path = propose(&a.admin, &b.email).await;
        let verb = |verb: &str| format!("{path}/{verb}");
        let (accept, decline, withdraw) = (verb("accept"), verb("decline"), verb("withdraw"));
        let answers: [Answer; 3] = tokio::join!(
            b.admin.post(&accept, Value::Null),
            b.admin.post(&decline, json!({"reason": "No."})),
            a.admin.post(&withdraw, Value::Null),
        )
        .into();
        let won: Vec<_> = answers.iter().filter(|one| one.status == 200).collect();
        assert_eq!(won.len(), 1, "round {round}: {answers:?}");
        let state = won[0].json()["state"].clone();
        for lost in answers.iter().filter(|one| one.status != 200) {
            assert_eq!(lost.problem(409), "state-forbids");
            assert_eq!(lost.json()["state"], state);
        }
        assert_eq!(a.admin.get(&path).await.expect(200)["state"], state);
        if state == "exploring" {
            carry_out(&a.admin, &path, "end").await;
        }
    }
}

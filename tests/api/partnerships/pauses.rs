//! What a pause stops and what it does not, and what the end leaves.

use serde_json::{Value, json};

use super::{an_hour_older, carry_out, feed};
use crate::support::{self, Actor, Pair};

async fn stage(by: &Actor, path: &str) -> Value {
    by.get(path).await.expect(200)["stage"].clone()
}

#[tokio::test]
async fn a_pause_stops_offers_and_acceptances_and_nothing_else() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let path = format!("/v1/partnerships/{}", pair.partnership);
    let (draft, offer, unwanted) = (
        pair.draft("One").await,
        pair.offer("Two").await,
        pair.offer("Three").await,
    );
    let (accepted, own) = (pair.offer("Four").await, pair.draft("Five").await);
    carry_out(b, &accepted, "accept").await;
    let asked = pair.step(&pair.b, "them", "2026-03-09").await;

    let body = json!({"reason": "Our season leaves no time before May."});
    let paused = b.post(&format!("{path}/pause"), body).await.expect(200);
    assert_eq!(paused["state"], "paused");
    let seen = a.get(&path).await.expect(200);
    assert_eq!(seen["reason"], "Our season leaves no time before May.");
    assert_eq!(seen["paused_by_firm_id"], json!(pair.b.id));
    assert_eq!(seen["paused_at"], "2026-03-02T09:30:00Z");

    for (by, introduction, verb, stands_at) in [
        (a, &draft, "offer", "draft"),
        (b, &offer, "accept", "offered"),
    ] {
        let refused = by
            .post(&format!("{introduction}/{verb}"), Value::Null)
            .await;
        assert_eq!(refused.problem(409), "state-forbids");
        assert_eq!(refused.json()["state"], stands_at);
        assert_eq!(refused.json()["missing"], "active_partnership");
        assert_eq!(stage(by, introduction).await, stands_at);
    }
    // All else goes on: drafts, declining, withdrawing, reports, steps, terms, another lead.
    pair.draft("Six").await;
    let no = json!({"reason": "no_capacity"});
    b.post(&format!("{unwanted}/decline"), no).await.expect(200);
    carry_out(a, &own, "withdraw").await;
    let came_to_nothing = json!({"stage": "not_engaged", "reason": "no_response"});
    let report = format!("{accepted}/stages");
    b.post(&report, came_to_nothing).await.expect(200);
    carry_out(a, &asked, "accept").await;
    pair.step(&pair.a, "us", "2026-03-16").await;
    let terms = format!("{path}/terms");
    a.patch(&terms, json!({"exclusive": false}))
        .await
        .expect(200);

    // Whichever side paused it, either goes on.
    let resumed = carry_out(a, &path, "resume").await;
    assert_eq!(resumed["state"], "active");
    for field in ["reason", "paused_by_firm_id", "paused_at"] {
        assert_eq!(resumed[field], Value::Null, "{field}");
    }
    assert_eq!(carry_out(a, &draft, "offer").await["stage"], "offered");
    assert_eq!(carry_out(b, &offer, "accept").await["stage"], "accepted");
    for firm in [&pair.a, &pair.b] {
        let told = feed(&quid, &firm.id).await;
        let of_the_two = ["partnership pause 4", "partnership resume 5"];
        let told: Vec<_> = told
            .iter()
            .filter(|one| of_the_two.contains(&one.as_str()))
            .collect();
        assert_eq!(told, of_the_two);
    }
}

/// An introduction of a client of B's to A; its address.
async fn of_the_other(pair: &Pair, name: &str) -> String {
    let b = &pair.b.admin;
    let client = b
        .post("/v1/clients", json!({"name": name}))
        .await
        .expect(201);
    let path = format!("/v1/partnerships/{}/introductions", pair.partnership);
    let made = b.post(&path, json!({"client_id": client["id"]})).await;
    format!(
        "/v1/introductions/{}",
        made.expect(201)["id"].as_str().unwrap()
    )
}

#[tokio::test]
async fn the_end_of_a_pause_withdraws_what_both_sides_have_open_and_leaves_what_was_accepted() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let path = format!("/v1/partnerships/{}", pair.partnership);
    let (draft, offer, accepted) = (
        pair.draft("One").await,
        pair.offer("Two").await,
        pair.offer("Three").await,
    );
    pair.consent(&accepted).await;
    carry_out(b, &accepted, "accept").await;
    let (their_draft, their_offer) = (
        of_the_other(&pair, "Four").await,
        of_the_other(&pair, "Five").await,
    );
    carry_out(b, &their_offer, "offer").await;
    carry_out(a, &path, "pause").await;

    let ended = carry_out(b, &path, "end").await;
    assert_eq!(ended["state"], "ended");
    assert_eq!(
        (&ended["paused_by_firm_id"], &ended["paused_at"]),
        (&Value::Null, &Value::Null)
    );
    for (by, introduction) in [
        (a, &draft),
        (a, &offer),
        (b, &their_draft),
        (b, &their_offer),
    ] {
        assert_eq!(stage(by, introduction).await, "withdrawn");
        let again = by.post(&format!("{introduction}/offer"), Value::Null).await;
        assert_eq!(again.problem(409), "state-forbids");
    }
    for (by, introduction) in [(b, &draft), (a, &their_draft)] {
        assert_eq!(by.get(introduction).await.problem(404), "not-found");
    }
    // No new one begins.
    let client = pair.client("Six").await;
    let body = json!({"client_id": client});
    let late = a.post(&format!("{path}/introductions"), body).await;
    assert_eq!(late.problem(409), "state-forbids");
    // What was accepted goes its way to the end.
    for stage in ["introduced", "meeting_set", "met", "engaged"] {
        let report = json!({"stage": stage});
        let reported = b.post(&format!("{accepted}/stages"), report).await;
        assert_eq!(reported.expect(200)["stage"], stage);
    }
    let outcome = json!({"words": "Content.", "rating": 5});
    let told = b.post(&format!("{accepted}/outcome"), outcome).await;
    told.expect(200);
    assert_eq!(a.get(&accepted).await.expect(200)["outcome"]["rating"], 5);
}

#[tokio::test]
async fn nothing_stays_open_that_is_drafted_offered_or_accepted_at_the_moment_of_the_end() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let mut partnership = pair.partnership.clone();
    for round in 0..20 {
        let pair = Pair {
            a: pair.a.clone(),
            b: pair.b.clone(),
            partnership: partnership.clone(),
        };
        let (draft, offer) = (
            pair.draft(&format!("One {round}")).await,
            pair.offer(&format!("Two {round}")).await,
        );
        let client = pair.client(&format!("Three {round}")).await;
        let path = format!("/v1/partnerships/{partnership}");
        let (end, new) = (format!("{path}/end"), format!("{path}/introductions"));
        let (to_offer, to_accept) = (format!("{draft}/offer"), format!("{offer}/accept"));
        let (ended, made, offered, accepted) = tokio::join!(
            a.post(&end, json!({"reason": "So be it."})),
            a.post(&new, json!({"client_id": client})),
            a.post(&to_offer, Value::Null),
            b.post(&to_accept, Value::Null),
        );
        assert_eq!(ended.status, 200, "round {round}: {}", ended.text());
        for (answer, done) in [(&made, 201), (&offered, 200), (&accepted, 200)] {
            let status = answer.status.as_u16();
            assert!(
                [done, 409].contains(&status),
                "round {round}: {}",
                answer.text()
            );
        }
        let list = format!("/v1/introductions?partnership_id={partnership}");
        let all = a.get(&list).await.expect(200);
        for one in all["data"].as_array().unwrap() {
            let expected = if accepted.status == 200 && offer.ends_with(one["id"].as_str().unwrap())
            {
                "accepted"
            } else {
                "withdrawn"
            };
            assert_eq!(one["stage"], expected, "round {round}: {one}");
        }
        an_hour_older(&quid).await;
        partnership = quid.partner(&pair.a, &pair.b).await;
    }
}

//! The six bodies: each party writes its own part, sees the other's as the other's, and agrees to the whole
//! when nothing is missing in it.

use serde_json::{Value, json};

use super::{
    agree, business, exploring, ideal_client, models, profile, protocol, role, service_models,
    success, understanding,
};
use crate::support::{self, Actor, Pair};

async fn missing(by: &Actor, version: &str) -> Vec<String> {
    let refused = agree(by, version).await;
    assert_eq!(refused.problem(409), "state-forbids");
    assert_eq!(refused.json()["allowed"], json!(["counter"]));
    let told = refused.json()["lacks"].as_array().unwrap().clone();
    told.iter()
        .map(|one| one["pointer"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn an_understanding_is_agreed_once_both_have_written_and_confirmed() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let mut first = understanding(business("Wealth.", false), Value::Null);
    first["conversation"] = Value::Null;
    first["alignment"] = Value::Null;
    let first = pair.propose(a, first, None).await;
    assert_eq!(
        missing(b, &first).await,
        [
            "/body/them",
            "/body/us",
            "/body/conversation",
            "/body/alignment"
        ]
        .map(|at| match at {
            // B reads its own part as `us`.
            "/body/them" => "/body/us".to_owned(),
            "/body/us" => "/body/them/confirms_other".to_owned(),
            other => other.to_owned(),
        })
    );

    let answer = understanding(business("Tax.", true), business("Wealth.", false));
    let second = pair.propose(b, answer, Some(&first)).await;
    let seen = a.get(&second).await.expect(200);
    assert_eq!(seen["body"]["them"]["business"], "Tax.");
    assert_eq!(seen["body"]["us"]["business"], "Wealth.");
    assert_eq!(missing(a, &second).await, ["/body/us/confirms_other"]);

    let whole = understanding(business("Wealth.", true), business("Tax.", true));
    let third = pair.propose(a, whole, Some(&second)).await;
    let agreed = agree(b, &third).await.expect(200);
    assert_eq!(
        (&agreed["state"], &agreed["in_force"], &agreed["missing"]),
        (&json!("agreed"), &json!(true), &json!([]))
    );
    let plan = a.get(&pair.plan()).await.expect(200);
    assert_eq!(plan["sections"][0]["in_force"]["id"], agreed["id"]);
    assert_eq!(plan["sections"][0]["waits_for"], json!([]));
}

#[tokio::test]
async fn nobody_writes_the_other_partys_part() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let not_yours = [("/body/them".to_owned(), "not_yours".to_owned())];
    // Before the other has written anything, and with another text than its own.
    let made_up = understanding(business("Wealth.", false), business("Tax.", true));
    let refused = pair.try_to_propose(a, made_up, None).await;
    assert_eq!(refused.errors(), not_yours);
    let first = understanding(business("Wealth.", false), Value::Null);
    let first = pair.propose(a, first, None).await;
    for twisted in [
        business("Wealth!", false),
        business("Wealth.", true),
        Value::Null,
    ] {
        let answer = understanding(business("Tax.", true), twisted);
        let refused = pair.try_to_propose(b, answer, Some(&first)).await;
        assert_eq!(refused.errors(), not_yours);
        assert_eq!(a.get(&first).await.expect(200)["state"], "proposed");
    }
    // What was taken back does not count any more.
    a.post(&format!("{first}/withdraw"), json!({}))
        .await
        .expect(200);
    let answer = understanding(business("Tax.", true), business("Wealth.", false));
    let refused = pair.try_to_propose(b, answer, None).await;
    assert_eq!(refused.errors(), not_yours);
    let sections = [
        ideal_client(profile(1.0), profile(2.0)),
        service_models(
            models(["Call", "Review"]),
            models(["First call", "Accounts"]),
            json!([role("us")]),
        ),
    ];
    for body in sections {
        let refused = pair.try_to_propose(a, body, None).await;
        assert_eq!(refused.errors(), not_yours);
    }
}

#[tokio::test]
async fn an_ideal_client_asks_for_something_of_both() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let first = ideal_client(profile(500_000.0), Value::Null);
    let first = pair.propose(a, first, None).await;
    assert_eq!(missing(b, &first).await, ["/body/us"]);
    let empty = json!({"summary": "Anybody.", "figures": [], "traits": []});
    let answer = ideal_client(empty, profile(500_000.0));
    let second = pair.propose(b, answer, Some(&first)).await;
    assert_eq!(missing(a, &second).await, ["/body/them"]);
    a.post(&format!("{second}/agree"), Value::Null).await;
    let third = pair
        .propose(
            a,
            ideal_client(
                profile(400_000.0),
                json!({"summary": "Anybody.", "figures": [], "traits": []}),
            ),
            Some(&second),
        )
        .await;
    let fourth = ideal_client(profile(250_000.0), profile(400_000.0));
    let fourth = pair.propose(b, fourth, Some(&third)).await;
    let agreed = agree(a, &fourth).await.expect(200);
    assert_eq!(agreed["body"]["us"]["figures"][0]["min"], 400_000.0);
    assert_eq!(agreed["body"]["them"]["figures"][0]["min"], 250_000.0);
}

#[tokio::test]
async fn success_is_seen_from_either_side() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let proposed = pair.propose(a, success(json!("us")), None).await;
    let seen = b.get(&proposed).await.expect(200);
    assert_eq!(seen["body"]["metrics"][0]["party"], "them");
    agree(b, &proposed).await.expect(200);
    let own = a.get(&proposed).await.expect(200);
    assert_eq!(own["body"]["metrics"][0]["party"], "us");
    let together = pair.propose(b, success(Value::Null), None).await;
    let seen = a.get(&together).await.expect(200);
    assert_eq!(seen["body"]["metrics"][0]["party"], Value::Null);
}

#[tokio::test]
async fn gaps_and_overlaps_of_the_matrix_block_agreement() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let (ours, theirs) = (
        models(["Call", "Review"]),
        models(["First call", "Accounts"]),
    );
    let first = service_models(ours.clone(), Value::Null, json!([]));
    let first = pair.propose(a, first, None).await;
    let at = "/body/responsibilities/0/accountable".to_owned();
    assert_eq!(
        missing(b, &first).await,
        ["/body/us".to_owned(), at.clone()]
    );
    // From B's side A introduces, and both answer for it: an overlap.
    let mut answer = service_models(
        theirs.clone(),
        ours.clone(),
        json!([role("us"), role("them")]),
    );
    answer["introduction_points"][0]["introducer"] = json!("them");
    let second = pair.propose(b, answer.clone(), Some(&first)).await;
    let refused = agree(a, &second).await;
    assert_eq!(refused.json()["lacks"][0]["pointer"], json!(at));
    let detail = refused.json()["lacks"][0]["detail"].clone();
    assert!(
        detail.as_str().unwrap().starts_with("An overlap"),
        "{detail}"
    );

    let mut third = service_models(ours.clone(), theirs, json!([role("them")]));
    third["introduction_points"][0]["from_stage"] = json!("Nowhere");
    let refused = a
        .post(
            &format!("/v1/partnerships/{}/plan-versions", pair.partnership),
            json!({"body": third}),
        )
        .await;
    assert_eq!(
        refused.errors(),
        [(
            "/body/introduction_points/0/from_stage".to_owned(),
            "unknown_stage".to_owned()
        )]
    );
    third["introduction_points"][0]["from_stage"] = json!("Review");
    let third = pair.propose(a, third, Some(&second)).await;
    let agreed = agree(b, &third).await.expect(200);
    let seen = &agreed["body"]["responsibilities"][0];
    assert_eq!(seen["accountable"][0]["party"], "us");
    assert_eq!(
        agreed["body"]["introduction_points"][0]["introducer"],
        "them"
    );
}

async fn own_id(by: &Actor) -> Value {
    by.get("/v1/me").await.expect(200)["member"]["id"].clone()
}

#[tokio::test]
async fn whoever_takes_part_in_the_conversation_is_a_member_of_the_firm() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let (ana, dana) = (own_id(a).await, own_id(b).await);
    let crossed = protocol(json!([dana]), json!([ana]));
    let refused = pair.try_to_propose(a, crossed, None).await;
    assert_eq!(
        refused.errors(),
        ["/body/members/them/0", "/body/members/us/0"]
            .map(|at| (at.to_owned(), "unknown".to_owned()))
    );
    let lonely = protocol(json!([ana]), json!([]));
    let lonely = pair.propose(a, lonely, None).await;
    assert_eq!(missing(b, &lonely).await, ["/body/members/us"]);
    let answer = protocol(json!([dana]), json!([ana]));
    let both = pair.propose(b, answer, Some(&lonely)).await;
    let agreed = agree(a, &both).await.expect(200);
    assert_eq!(
        agreed["body"]["members"],
        json!({"us": [ana], "them": [dana]})
    );
}

#[tokio::test]
async fn what_cannot_be_so_is_refused_field_by_field() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let path = format!("/v1/partnerships/{}/plan-versions", pair.partnership);
    let mut future = understanding(business("Wealth.", false), Value::Null);
    future["conversation"]["held_on"] = json!("2026-03-03");
    let mut bounds = ideal_client(profile(5.0), Value::Null);
    bounds["us"]["figures"][0]["max"] = json!(4);
    let mut endless = ideal_client(profile(5.0), Value::Null);
    endless["us"]["figures"][0]["min"] = Value::Null;
    let mut twice = success(json!("us"));
    let metric = twice["metrics"][0].clone();
    twice["metrics"].as_array_mut().unwrap().push(metric);
    let mut ramp = success(json!("us"));
    ramp["metrics"][0]["ramp"] =
        json!([{"due_on": "2026-08-01", "target": 5}, {"due_on": "2026-07-01", "target": 13}]);
    let mut value = success(json!("us"));
    value["metrics"][0]["kind"] = json!("realised_value");
    let mut currency = success(json!("us"));
    currency["metrics"][0]["currency"] = json!("USD");
    let mut order = success(json!("us"));
    order["metrics"][0]["ends_on"] = json!("2025-12-31");
    order["metrics"][0]["ramp"] = json!([]);
    let stages = service_models(models(["Same", "Same"]), Value::Null, json!([]));
    let mut clock = protocol(json!([]), json!([]));
    clock["time"] = json!("24:00");
    clock["document_period"] = json!("P0D");
    clock["imbalance_threshold"] = json!(1.5);
    let mut unknown = super::story("Once.");
    unknown["moral"] = json!("None.");
    let nothing = json!({"section": "core_story"});
    let table = [
        (future, vec!["/body/conversation/held_on future"]),
        (bounds, vec!["/body/us/figures/0/min bounds"]),
        (endless, vec!["/body/us/figures/0 unbounded"]),
        (twice, vec!["/body/metrics/1 repeated"]),
        (
            ramp,
            vec![
                "/body/metrics/0/ramp/1/due_on order",
                "/body/metrics/0/ramp/1/target order",
            ],
        ),
        (value, vec!["/body/metrics/0/currency needed"]),
        (currency, vec!["/body/metrics/0/currency not_of_kind"]),
        (order, vec!["/body/metrics/0/ends_on order"]),
        (
            stages,
            vec![
                "/body/introduction_points/0/from_stage unknown_stage",
                "/body/us/1 repeated",
            ],
        ),
        (
            clock,
            vec![
                "/body/document_period format",
                "/body/imbalance_threshold maximum",
                "/body/time pattern",
            ],
        ),
        (unknown, vec!["/body/moral unknown"]),
        (
            nothing,
            vec!["/body/audience required", "/body/script required"],
        ),
    ];
    for (body, expected) in table {
        let refused = pair.a.admin.post(&path, json!({"body": body})).await;
        let mut told: Vec<_> = refused
            .errors()
            .into_iter()
            .map(|(at, code)| format!("{at} {code}"))
            .collect();
        told.sort();
        assert_eq!(told, expected, "{body}");
    }
}

#[tokio::test]
async fn a_draft_stays_with_its_section() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let draft = pair.plan_draft(&pair.a.admin, super::story("Once.")).await;
    let body = json!({"body": success(json!("us"))});
    let refused = pair.a.admin.patch_with(&draft, "*", body).await;
    assert_eq!(
        refused.errors(),
        [("/body/section".to_owned(), "other_section".to_owned())]
    );
}

/// What B reads of the plan of a pair.
async fn read_by_b(pair: &Pair) -> String {
    let list = format!("/v1/partnerships/{}/plan-versions", pair.partnership);
    let decisions = format!("/v1/partnerships/{}/plan-decisions", pair.partnership);
    let waivers = format!("/v1/partnerships/{}/plan-waivers", pair.partnership);
    let mut text = String::new();
    for path in [pair.plan(), list, decisions, waivers] {
        text += &pair.b.admin.get(&path).await.text();
    }
    text
}

#[tokio::test]
async fn an_erased_client_is_taken_out_of_what_was_agreed_too() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let client = a
        .post(
            "/v1/clients",
            json!({"name": "Wilhelmina Zzyzx", "phone": "+1 303 555 0199"}),
        )
        .await
        .expect(201);
    // In the middle of a text, after a line break, and as a number among figures that are none.
    let mut named = super::story("Tell them\nWilhelmina Zzyzx did so.\nCall 303-555-0199.");
    named["audience"] = json!("Friends of wilhelmina zzyzx");
    let agreed = pair.propose(a, named, None).await;
    agree(b, &agreed).await.expect(200);
    let mut target = success(json!("us"));
    target["metrics"][0]["target"] = json!(5_550_199);
    target["metrics"][0]["name"] = json!("As Wilhelmina Zzyzx");
    let counted = pair.propose(b, target, None).await;
    let of = format!("/v1/partnerships/{}", pair.partnership);
    let reason = json!({"decision": "proceed", "reason": "Wilhelmina Zzyzx said so."});
    a.post(&format!("{of}/plan-decisions"), reason)
        .await
        .expect(201);
    let reason = json!({"section": "ideal_client", "reason": "It is Wilhelmina Zzyzx."});
    a.post(&format!("{of}/plan-waivers"), reason)
        .await
        .expect(201);
    assert!(read_by_b(&pair).await.contains("Wilhelmina Zzyzx"));

    let gone = format!("/v1/clients/{}", client["id"].as_str().unwrap());
    assert_eq!(a.delete(&gone).await.status, 204);
    let text = read_by_b(&pair).await.to_lowercase();
    assert!(!text.contains("zzyzx"), "{text}");
    assert!(!text.contains("555-0199"), "{text}");
    let counted = b.get(&counted).await.expect(200);
    assert_eq!(counted["body"]["metrics"][0]["target"], 5_550_199);
    assert_eq!(counted["body"]["metrics"][0]["name"], "As [erased]");
    let agreed = b.get(&agreed).await.expect(200);
    assert_eq!(
        (&agreed["state"], &agreed["body"]["script"]),
        (
            &json!("agreed"),
            &json!("Tell them\n[erased] did so.\nCall [erased].")
        )
    );
}

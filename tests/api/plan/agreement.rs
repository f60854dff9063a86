//! Who may propose, counter, agree and withdraw where; drafts are their own party's; one winner of two.

use serde_json::{Value, json};

use super::{agree, exploring, story};
use crate::support::{self, Actor, Pair};

/// A version of A's that was brought into a state; its address.
async fn brought_to(pair: &Pair, state: &str) -> String {
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    // Whatever is open was left by the row before.
    let open = b.get(&pair.plan()).await.expect(200)["sections"][4]["proposal"].clone();
    if let Some(id) = open["id"].as_str() {
        let by = if open["party"] == "us" { b } else { a };
        let path = format!("/v1/plan-versions/{id}/withdraw");
        by.post(&path, json!({})).await.expect(200);
    }
    let draft = pair.plan_draft(a, story(state)).await;
    if state != "draft" {
        let propose = format!("{draft}/propose");
        a.post(&propose, json!({})).await.expect(200);
    }
    match state {
        "draft" | "proposed" => {}
        "agreed" => {
            agree(b, &draft).await.expect(200);
        }
        "countered" => {
            pair.propose(b, story("Another."), Some(&draft)).await;
        }
        "withdrawn" => {
            let withdraw = format!("{draft}/withdraw");
            a.post(&withdraw, json!({"reason": "A mistake."}))
                .await
                .expect(200);
        }
        _ => panic!("no way to {state}"),
    }
    draft
}

async fn tries(pair: &Pair, by: &Actor, version: &str, verb: &str) -> support::Answer {
    match verb {
        "counter" => pair.try_to_propose(by, story("Mine."), Some(version)).await,
        "patch" => {
            let body = json!({"body": story("Changed.")});
            by.patch_with(version, "*", body).await
        }
        "delete" => by.delete(version).await,
        "agree" => agree(by, version).await,
        verb => by.post(&format!("{version}/{verb}"), json!({})).await,
    }
}

/// Copied by hand from "Plan" of the product's description. What is A's version is "ours" to A.
const TABLE: &str = "
    state     who    | propose agree counter withdraw patch delete | allowed
    draft     ours   | 200     403   403     409      200   204    | propose
    draft     theirs | 404     404   422     404      404   404    |
    proposed  ours   | 409     403   403     200      409   409    | withdraw
    proposed  theirs | 403     200   200     403      409   409    | agree counter
    agreed    ours   | 409     403   403     409      409   409    |
    agreed    theirs | 403     409   409     403      409   409    |
    countered ours   | 409     403   403     409      409   409    |
    countered theirs | 403     409   409     403      409   409    |
    withdrawn ours   | 409     403   403     409      409   409    |
    withdrawn theirs | 403     409   409     403      409   409    |
";

#[tokio::test]
async fn every_step_leads_where_it_should_and_every_other_is_refused_with_what_is_allowed() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let mut lines = TABLE.trim().lines();
    let head: Vec<_> = lines.next().unwrap().split('|').collect();
    let verbs: Vec<_> = head[1].split_whitespace().collect();
    let mut rows = 0;
    for line in lines {
        rows += 1;
        let parts: Vec<_> = line.split('|').collect();
        let mut words = parts[0].split_whitespace();
        let (state, who) = (words.next().unwrap(), words.next().unwrap());
        let allowed: Vec<_> = parts[2].split_whitespace().collect();
        let by = if who == "ours" { &pair.a } else { &pair.b };
        for (verb, status) in verbs.iter().zip(parts[1].split_whitespace()) {
            let about = format!("{state} {who} {verb}");
            let version = brought_to(&pair, state).await;
            let before = pair.a.admin.get(&version).await.text();
            let answer = tries(&pair, &by.admin, &version, verb).await;
            assert_eq!(answer.status.as_str(), status, "{about}: {}", answer.text());
            if status.starts_with('4') {
                assert_eq!(pair.a.admin.get(&version).await.text(), before, "{about}");
            }
            if status == "409" {
                assert_eq!(answer.problem(409), "state-forbids", "{about}");
                assert_eq!(answer.json()["state"], state, "{about}");
                assert_eq!(answer.json()["allowed"], json!(allowed), "{about}");
            }
        }
    }
    assert_eq!(rows, 10);
}

#[tokio::test]
async fn a_draft_is_its_own_partys_alone_and_shows_nothing_to_the_other() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let list = format!("/v1/partnerships/{}/plan-versions", pair.partnership);
    let seen = async || {
        let feed = quid.db.connect().await;
        let query = "SELECT count(*) FROM changes WHERE firm_id = $1::text::uuid";
        let count: i64 = feed.query_one(query, &[&pair.b.id]).await.unwrap().get(0);
        let (plan, list) = (b.get(&pair.plan()).await, b.get(&list).await);
        (plan.text(), list.text(), count)
    };
    let before = seen().await;
    let draft = pair.plan_draft(a, story("Once.")).await;
    let body = json!({"body": story("Once upon a time.")});
    let changed = a.patch_with(&draft, "*", body).await.expect(200);
    assert_eq!(changed["version"], 2);
    assert_eq!(seen().await, before);
    assert_eq!(b.get(&draft).await.problem(404), "not-found");
    assert_eq!(a.get(&list).await.expect(200)["data"][0]["state"], "draft");

    let proposed = a
        .post(&format!("{draft}/propose"), json!({}))
        .await
        .expect(200);
    let theirs = b.get(&draft).await.expect(200);
    assert_eq!(
        (&theirs["party"], &theirs["number"], &theirs["written_by"]),
        (&json!("them"), &json!(1), &Value::Null)
    );
    assert_eq!(theirs["created_at"], proposed["proposed_at"]);

    let other = pair.plan_draft(a, story("Twice.")).await;
    assert_eq!(a.delete(&other).await.status, 204);
    assert_eq!(a.get(&other).await.problem(404), "not-found");
}

#[tokio::test]
async fn while_a_proposal_is_open_another_must_name_it() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let open = pair.propose(a, story("First."), None).await;
    let id = open.rsplit('/').next().unwrap();
    for (by, allowed) in [(a, "withdraw"), (b, "agree")] {
        let blind = pair.try_to_propose(by, story("Second."), None).await;
        assert_eq!(blind.problem(409), "state-forbids");
        assert_eq!(blind.json()["existing_id"], id);
        assert_eq!(blind.json()["allowed"], json!([allowed]));
    }
    // Of another section, or of nobody's.
    let elsewhere = pair
        .try_to_propose(b, super::success(json!("us")), Some(&open))
        .await;
    assert_eq!(
        elsewhere.errors(),
        [("/counters_id".to_owned(), "unknown".to_owned())]
    );
    let second = pair.propose(b, story("Second."), Some(&open)).await;
    let first = a.get(&open).await.expect(200);
    assert_eq!(first["state"], "countered");
    let second = a.get(&second).await.expect(200);
    assert_eq!(
        (
            &second["state"],
            &second["counters_id"],
            &second["number"],
            &second["party"]
        ),
        (&json!("proposed"), &json!(id), &json!(2), &json!("them"))
    );
}

#[tokio::test]
async fn of_agreeing_and_countering_at_once_one_wins() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let colleague = quid
        .member(&pair.b, quid::platform::auth::Role::Advisor)
        .await;
    let mut wins = [0, 0];
    for round in 0..20 {
        let open = pair
            .propose(a, story(&format!("Round {round}.")), None)
            .await;
        let id = open.rsplit('/').next().unwrap();
        let draft = pair.plan_draft(b, story("Rather this.")).await;
        let counter = format!("{draft}/propose");
        let (agreed, countered) = tokio::join!(
            agree(&colleague, &open),
            b.post(&counter, json!({"counters_id": id})),
        );
        let answers = [agreed.status.as_u16(), countered.status.as_u16()];
        let state = a.get(&open).await.expect(200)["state"].clone();
        match answers {
            [200, 409] => {
                wins[0] += 1;
                assert_eq!(state, "agreed");
                assert_eq!(b.get(&draft).await.expect(200)["state"], "draft");
            }
            [409, 200] => {
                wins[1] += 1;
                assert_eq!(state, "countered");
                let withdraw = format!("{draft}/withdraw");
                b.post(&withdraw, json!({})).await.expect(200);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(wins[0] + wins[1], 20);
}

#[tokio::test]
async fn a_proposal_sent_twice_with_one_key_is_carried_out_once() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let draft = pair.plan_draft(&pair.a.admin, story("Once.")).await;
    let propose = format!("{draft}/propose");
    let key = [("Idempotency-Key", "story-1")];
    let first = pair.a.admin.post_with(&propose, &key, json!({})).await;
    let again = pair.a.admin.post_with(&propose, &key, json!({})).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(first.expect(200), again.expect(200));
}

#[tokio::test]
async fn nothing_is_proposed_or_agreed_once_the_partnership_has_ended() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let open = pair.propose(a, story("Last."), None).await;
    let draft = pair.plan_draft(a, super::success(json!("us"))).await;
    let end = format!("/v1/partnerships/{}/end", pair.partnership);
    b.post(&end, json!({"reason": "We retire."}))
        .await
        .expect(200);
    assert_eq!(agree(b, &open).await.problem(409), "state-forbids");
    let proposed = a.post(&format!("{draft}/propose"), json!({})).await;
    assert_eq!(proposed.problem(409), "state-forbids");
    // Readable for ever, and the proposer may still take it back.
    let withdrawn = a.post(&format!("{open}/withdraw"), json!({})).await;
    assert_eq!(withdrawn.expect(200)["state"], "withdrawn");
    b.get(&open).await.expect(200);
}

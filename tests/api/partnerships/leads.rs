//! Who leads a party, and who follows.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use super::{carry_out, feed, own_id, propose};
use crate::support::{self, Actor, Firm, Quid, lay_foundation};

async fn hand_over(by: &Actor, path: &str, to: &str) -> support::Answer {
    let body = json!({"member_id": to});
    by.post(&format!("{path}/lead"), body).await
}

async fn lead(by: &Actor, path: &str) -> Value {
    by.get(path).await.expect(200)["us"]["lead_id"].clone()
}

#[tokio::test]
async fn a_lead_hands_over_what_is_its_own_and_an_admin_anybodys() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = format!("/v1/partnerships/{}", pair.partnership);
    let (advisor, other) = (
        quid.member(&pair.a, Role::Advisor).await,
        quid.member(&pair.a, Role::Advisor).await,
    );
    let (advisor_id, other_id) = (own_id(&advisor).await, own_id(&other).await);
    // Who does not lead it does not give it away, nor take it.
    let refused = hand_over(&advisor, &path, &advisor_id).await;
    assert_eq!(refused.problem(403), "forbidden");

    let given = hand_over(&pair.a.admin, &path, &advisor_id)
        .await
        .expect(200);
    assert_eq!(given["us"]["lead_id"], json!(advisor_id));
    assert_eq!(
        (&given["state"], &given["version"]),
        (&json!("active"), &json!(4))
    );
    let seen = pair.b.admin.get(&path).await.expect(200);
    assert_eq!(seen["them"]["lead_id"], json!(advisor_id));
    assert_eq!(seen["them"]["lead_name"], "The advisor");
    for firm in [&pair.a, &pair.b] {
        assert_eq!(
            feed(&quid, &firm.id).await.last().unwrap(),
            "partnership lead 4"
        );
    }
    // To who leads it already: nothing to do, nothing to tell.
    let same = hand_over(&advisor, &path, &advisor_id).await.expect(200);
    assert_eq!(same["version"], 4);
    assert_eq!(
        feed(&quid, &pair.b.id).await.last().unwrap(),
        "partnership lead 4"
    );

    hand_over(&advisor, &path, &other_id).await.expect(200);
    let gone = hand_over(&advisor, &path, &advisor_id).await;
    assert_eq!(gone.problem(403), "forbidden");
    hand_over(&pair.a.admin, &path, &advisor_id)
        .await
        .expect(200);
    // The other party's lead is the other party's.
    let theirs = hand_over(&pair.b.admin, &path, &other_id).await;
    assert_eq!(
        theirs.errors(),
        [("/member_id".to_owned(), "unknown".to_owned())]
    );
    let stranger = quid.firm("Elsewhere").await;
    let not_theirs = hand_over(&stranger.admin, &path, &other_id).await;
    assert_eq!(not_theirs.problem(404), "not-found");
}

#[tokio::test]
async fn only_an_active_member_who_may_commit_the_firm_follows() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = format!("/v1/partnerships/{}", pair.partnership);
    let first = lead(&pair.a.admin, &path).await;
    // By hand from the table of who may do what: admin and advisor commit the firm.
    for (role, may_lead) in [
        (Role::Admin, true),
        (Role::Advisor, true),
        (Role::Assistant, false),
        (Role::Compliance, false),
    ] {
        let member = quid.member(&pair.a, role).await;
        let id = own_id(&member).await;
        let answer = hand_over(&pair.a.admin, &path, &id).await;
        if may_lead {
            assert_eq!(answer.expect(200)["us"]["lead_id"], json!(id));
        } else {
            assert_eq!(answer.problem(422), "invalid-fields");
            assert_eq!(
                answer.errors(),
                [("/member_id".to_owned(), "role".to_owned())]
            );
            // Nor do they hand over.
            let by_them = hand_over(&member, &path, first.as_str().unwrap()).await;
            assert_eq!(by_them.problem(403), "forbidden");
        }
    }
    let left = quid.member(&pair.a, Role::Advisor).await;
    let left = own_id(&left).await;
    carry_out(&pair.a.admin, &format!("/v1/members/{left}"), "deactivate").await;
    let nobody = "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a11".to_owned();
    let of_another = own_id(&pair.b.admin).await;
    for unknown in [left, nobody, of_another] {
        let answer = hand_over(&pair.a.admin, &path, &unknown).await;
        assert_eq!(answer.problem(422), "invalid-fields");
        assert_eq!(
            answer.errors(),
            [("/member_id".to_owned(), "unknown".to_owned())]
        );
    }
}

#[tokio::test]
async fn two_leads_have_one_open_partnership_by_a_hand_over_too() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let advisor = quid.member(&pair.a, Role::Advisor).await;
    let second = propose(&advisor, &pair.b.email).await;
    carry_out(&pair.b.admin, &second, "accept").await;
    let first = format!("/v1/partnerships/{}", pair.partnership);
    let advisor_id = own_id(&advisor).await;
    let refused = hand_over(&pair.a.admin, &first, &advisor_id).await;
    assert_eq!(refused.problem(409), "already-exists");
    carry_out(&pair.a.admin, &second, "end").await;
    hand_over(&pair.a.admin, &first, &advisor_id)
        .await
        .expect(200);
}

#[tokio::test]
async fn a_proposer_has_a_successor_before_the_answer_and_a_recipient_after_it() {
    let quid = support::start().await;
    let (a, b) = tokio::join!(quid.firm("A"), quid.firm("B"));
    let path = propose(&a.admin, &b.email).await;
    let (of_a, of_b) = (
        quid.member(&a, Role::Advisor).await,
        quid.member(&b, Role::Advisor).await,
    );
    let (of_a, of_b) = (own_id(&of_a).await, own_id(&of_b).await);
    let told = feed(&quid, &b.id).await.len();
    let refused = hand_over(&b.admin, &path, &of_b).await;
    assert_eq!(refused.problem(409), "state-forbids");
    assert_eq!(refused.json()["allowed"], json!(["accept", "decline"]));
    hand_over(&a.admin, &path, &of_a).await.expect(200);
    assert_eq!(feed(&quid, &b.id).await[told..], ["partnership lead 2"]);
    assert_eq!(
        b.admin.get(&path).await.expect(200)["them"]["lead_id"],
        json!(of_a)
    );
    carry_out(&b.admin, &path, "accept").await;
    let given = hand_over(&b.admin, &path, &of_b).await.expect(200);
    assert_eq!(
        (&given["us"]["lead_id"], &given["version"]),
        (&json!(of_b), &json!(4))
    );
    assert_eq!(
        a.admin.get(&path).await.expect(200)["them"]["lead_id"],
        json!(of_b)
    );
}

/// A firm's second admin tries to take the first one out, in both ways; what each answers.
async fn tries_to_lose(by: &Actor, member: &str) -> [support::Answer; 2] {
    let path = format!("/v1/members/{member}");
    let demoted = by.patch(&path, json!({"role": "assistant"})).await;
    let left = by.post(&format!("{path}/deactivate"), Value::Null).await;
    [demoted, left]
}

async fn is_needed(by: &Actor, member: &str, about: &str) {
    for answer in tries_to_lose(by, member).await {
        assert_eq!(answer.problem(409), "state-forbids", "{about}");
        assert_eq!(answer.json()["missing"], "successor", "{about}");
    }
    let member = by.get(&format!("/v1/members/{member}")).await.expect(200);
    assert_eq!(
        (&member["role"], &member["deactivated_at"]),
        (&json!("admin"), &Value::Null)
    );
}

#[tokio::test]
async fn a_lead_is_needed_while_a_partnership_is_open_and_can_go_when_it_is_not() {
    let quid = support::start().await;
    let (a, b) = tokio::join!(quid.firm("A"), quid.firm("B"));
    let (second_a, second_b) = (
        quid.member(&a, Role::Admin).await,
        quid.member(&b, Role::Admin).await,
    );
    let sides = [
        (own_id(&a.admin).await, &second_a),
        (own_id(&b.admin).await, &second_b),
    ];
    let path = propose(&a.admin, &b.email).await;
    is_needed(sides[0].1, &sides[0].0, "proposed").await;
    for (by, verb, state) in [
        (&b, "accept", "exploring"),
        (&a, "activate", "active"),
        (&b, "pause", "paused"),
    ] {
        let moved = carry_out(&by.admin, &path, verb).await;
        if verb == "accept" {
            lay_foundation(&a.admin, &b.admin, moved["id"].as_str().unwrap()).await;
        }
        for (member, other_admin) in &sides {
            is_needed(other_admin, member, state).await;
        }
    }
    // Another lead makes the first one free, and an end everyone.
    let successor = own_id(&second_a).await;
    hand_over(&a.admin, &path, &successor).await.expect(200);
    for answer in tries_to_lose(&second_a, &sides[0].0).await {
        answer.expect(200);
    }
    is_needed(&second_b, &sides[1].0, "paused").await;
    carry_out(&second_a, &path, "end").await;
    for answer in tries_to_lose(&second_b, &sides[1].0).await {
        answer.expect(200);
    }
    // The partnership tells who led it.
    let ended = second_a.get(&path).await.expect(200);
    assert_eq!(ended["them"]["lead_id"], json!(sides[1].0));
}

#[tokio::test]
async fn whoever_was_only_proposed_to_can_go_and_another_answers() {
    let quid = support::start().await;
    for verb in ["decline", "accept"] {
        let (a, b) = tokio::join!(quid.firm("A"), quid.firm("B"));
        let second = quid.member(&b, Role::Admin).await;
        let member = own_id(&b.admin).await;
        let path = propose(&a.admin, &b.email).await;
        for answer in tries_to_lose(&second, &member).await {
            answer.expect(200);
        }
        let answered = carry_out(&second, &path, verb).await;
        if verb == "accept" {
            assert_eq!(answered["us"]["lead_id"], json!(own_id(&second).await));
        }
    }
}

/// The address that somebody signs in with.
async fn email(actor: &Actor) -> String {
    let me = actor.get("/v1/me").await.expect(200);
    me["member"]["email"].as_str().unwrap().to_owned()
}

async fn proposed_to(quid: &Quid, b: &Firm, role: Role) -> (Actor, String) {
    let a = quid.firm("A").await;
    let member = quid.member(b, role).await;
    let path = propose(&a.admin, &email(&member).await).await;
    (member, path)
}

#[tokio::test]
async fn where_the_one_proposed_to_may_not_commit_the_firm_whoever_accepts_leads() {
    let quid = support::start().await;
    let b = quid.firm("B").await;
    let advisor = quid.member(&b, Role::Advisor).await;
    for role in [Role::Assistant, Role::Compliance] {
        let (member, path) = proposed_to(&quid, &b, role).await;
        let refused = member.post(&format!("{path}/accept"), Value::Null).await;
        assert_eq!(refused.problem(403), "forbidden");
        let accepted = carry_out(&advisor, &path, "accept").await;
        assert_eq!(accepted["us"]["lead_id"], json!(own_id(&advisor).await));
        assert_eq!(
            (&accepted["state"], &accepted["version"]),
            (&json!("exploring"), &json!(3))
        );
        let told = feed(&quid, &b.id).await;
        let last = ["partnership accept 2", "partnership lead 3"];
        assert_eq!(told[told.len() - 2..], last);
        // The assistant leads nothing and can leave.
        let path = format!("/v1/members/{}", own_id(&member).await);
        carry_out(&b.admin, &path, "deactivate").await;
    }
    // Where it may, it leads, whoever accepts.
    let (member, path) = proposed_to(&quid, &b, Role::Advisor).await;
    let accepted = carry_out(&b.admin, &path, "accept").await;
    assert_eq!(accepted["us"]["lead_id"], json!(own_id(&member).await));
    assert_eq!(accepted["version"], 2);
}

//! Members: their roles, their going and their coming back.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{self, Actor};

async fn me(actor: &Actor) -> Value {
    actor.get("/v1/me").await.expect(200)["member"].clone()
}

fn path(member: &Value) -> String {
    format!("/v1/members/{}", member["id"].as_str().unwrap())
}

#[tokio::test]
async fn the_last_admin_is_neither_demoted_nor_deactivated() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let admin = path(&me(&firm.admin).await);
    let demoted = firm.admin.patch(&admin, json!({"role": "advisor"})).await;
    assert_eq!(demoted.json()["missing"], "admin");
    assert_eq!(demoted.problem(409), "state-forbids");
    let left = firm
        .admin
        .post(&format!("{admin}/deactivate"), json!({}))
        .await;
    assert_eq!(left.problem(409), "state-forbids");

    quid.member(&firm, Role::Admin).await;
    let demoted = firm.admin.patch(&admin, json!({"role": "advisor"})).await;
    assert_eq!(demoted.expect(200)["role"], "advisor");
    // It holds for the token that it has.
    assert_eq!(
        firm.admin.get("/v1/api-clients").await.problem(403),
        "forbidden"
    );
}

#[tokio::test]
async fn of_two_admins_who_demote_each_other_at_once_one_stays() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    for _ in 0..5 {
        let one = quid.member(&firm, Role::Admin).await;
        let other = quid.member(&firm, Role::Admin).await;
        let (first, second) = (path(&me(&one).await), path(&me(&other).await));
        let own = path(&me(&firm.admin).await);
        let step_down = json!({"role": "advisor"});
        firm.admin.patch(&own, step_down).await.expect(200);
        let body = json!({"role": "advisor"});
        let (a, b) = tokio::join!(
            one.patch(&second, body.clone()),
            other.patch(&first, body.clone())
        );
        let won = [&a, &b]
            .iter()
            .filter(|answer| answer.status == 200)
            .count();
        assert_eq!(won, 1, "{} and {}", a.text(), b.text());
        let stays = if a.status == 200 { one } else { other };
        stays
            .patch(&own, json!({"role": "admin"}))
            .await
            .expect(200);
        let stays_path = path(&me(&stays).await);
        firm.admin
            .post(&format!("{stays_path}/deactivate"), json!({}))
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn whoever_leads_a_partnership_needs_a_successor_first() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let lead = path(&me(&pair.a.admin).await);
    let second = quid.member(&pair.a, Role::Admin).await;
    let leave = format!("{lead}/deactivate");
    let refused = second.post(&leave, json!({})).await;
    assert_eq!(refused.json()["missing"], "successor");
    assert_eq!(refused.problem(409), "state-forbids");
    let demoted = second.patch(&lead, json!({"role": "assistant"})).await;
    assert_eq!(demoted.json()["missing"], "successor");

    let hand_over = format!("/v1/partnerships/{}/lead", pair.partnership);
    let successor = json!({"member_id": me(&second).await["id"]});
    second.post(&hand_over, successor).await.expect(200);
    second.post(&leave, json!({})).await.expect(200);
}

#[tokio::test]
async fn a_deactivated_member_is_out_at_once_and_its_sessions_do_not_come_back() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let member = quid.member(&firm, Role::Advisor).await;
    let known = me(&member).await;
    let own = path(&known);
    let email = known["email"].as_str().unwrap();
    let left = firm
        .admin
        .post(&format!("{own}/deactivate"), json!({}))
        .await;
    assert_ne!(left.expect(200)["deactivated_at"], Value::Null);
    let again = firm
        .admin
        .post(&format!("{own}/deactivate"), json!({}))
        .await;
    assert_eq!(again.problem(409), "state-forbids");
    assert_eq!(member.get("/v1/me").await.problem(401), "unauthenticated");
    let body = json!({"email": email, "password": support::people::PASSWORD});
    let signed = quid.nobody().post("/v1/sessions", body).await;
    assert_eq!(signed.problem(401), "wrong-credentials");

    let back = firm
        .admin
        .post(&format!("{own}/reactivate"), json!({}))
        .await;
    assert_eq!(back.expect(200)["deactivated_at"], Value::Null);
    assert_eq!(member.get("/v1/me").await.problem(401), "unauthenticated");
    quid.sign_in(email).await.get("/v1/me").await.expect(200);
}

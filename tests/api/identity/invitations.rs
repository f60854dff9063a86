//! Coming in as a member of a firm that is there.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::people::PASSWORD;
use crate::support::{self, Answer, Quid};

const INVITATIONS: &str = "/v1/member-invitations";
const EMAIL: &str = "ben@redmesa.example";

async fn accept(quid: &Quid, token: &str) -> Answer {
    let id = [("x-request-id", "the-same")];
    let body = json!({"token": token, "password": PASSWORD, "name": "Ben Okafor"});
    quid.nobody().post_with("/v1/members", &id, body).await
}

#[tokio::test]
async fn whoever_is_invited_becomes_a_member_with_the_role_of_the_invitation() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    for role in ["admin", "advisor", "assistant", "compliance"] {
        let email = format!("{role}@redmesa.example");
        let (id, token) = quid.invite_member(&firm, &email, role).await;
        let path = format!("{INVITATIONS}/{id}");
        let pending = firm.admin.get(&path).await.expect(200);
        assert_eq!(pending["state"], "pending");
        assert_eq!(pending["member_id"], Value::Null);
        let member = accept(&quid, &token).await.expect(201);
        assert_eq!(member["role"], role);
        assert_eq!(member["firm_id"], json!(firm.id));
        assert_eq!(member["email"], json!(email));
        let me = quid.sign_in(&email).await.get("/v1/me").await.expect(200);
        assert_eq!(me["role"], role);
        assert_eq!(me["member"], member);
        let accepted = firm.admin.get(&path).await.expect(200);
        assert_eq!(accepted["state"], "accepted");
        assert_eq!(accepted["member_id"], member["id"]);
    }
    let list = firm.admin.get(INVITATIONS).await.expect(200);
    let roles: Vec<_> = list["data"].as_array().unwrap().iter().collect();
    assert_eq!(roles.len(), 4);
}

#[tokio::test]
async fn the_name_is_the_members_own_or_that_of_the_invitation() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let join = async |token: &str, name: Option<&str>| {
        let mut body = json!({"token": token, "password": PASSWORD});
        if let Some(name) = name {
            body["name"] = json!(name);
        }
        quid.nobody().post("/v1/members", body).await
    };
    let (_, token) = quid.invite_member(&firm, EMAIL, "advisor").await;
    let member = join(&token, None).await.expect(201);
    assert_eq!(member["name"], "The advisor");

    let body = json!({"email": "eve@redmesa.example", "role": "assistant"});
    let made = firm.admin.post(INVITATIONS, body).await.expect(201);
    assert_eq!(made["name"], Value::Null);
    let token = quid.token_in_mail("eve@redmesa.example").await;
    let nameless = join(&token, None).await;
    let expected = ("/name".to_owned(), "nameless".to_owned());
    assert_eq!(nameless.errors(), [expected]);
    let member = join(&token, Some("Eve Li")).await.expect(201);
    assert_eq!(member["name"], "Eve Li");
}

#[tokio::test]
async fn an_admin_can_not_tell_whether_the_address_has_an_account_elsewhere() {
    let quid = support::start().await;
    let (firm, other) = (quid.firm("A").await, quid.firm("B").await);
    quid.hand.advance_seconds(1);
    let invite = async |email: &str| {
        let id = [("x-request-id", "the-same")];
        let body = json!({"email": email, "role": "advisor"});
        let answer = firm.admin.post_with(INVITATIONS, &id, body).await;
        let path = answer.header("location").to_owned();
        let (status, mut told) = (answer.status, answer.json());
        let read = firm.admin.get(&path).await;
        assert_eq!(read.json(), told);
        assert_eq!(told["id"], json!(path.rsplit('/').next().unwrap()));
        told["id"].take();
        told["email"].take();
        (path, status, told)
    };
    let (known, status, told) = invite(&other.email).await;
    let (unknown, other_status, other_told) = invite("new@elsewhere.example").await;
    assert_eq!((status, told), (other_status, other_told));

    let taken = quid.mails_to(&other.email).await.remove(0);
    assert!(taken.contains("has an account already"), "{taken}");
    assert_eq!(Quid::token_in(&taken), None);
    // Both can be revoked, and both expire.
    for path in [&known, &unknown] {
        let revoked = firm
            .admin
            .post(&format!("{path}/revoke"), Value::Null)
            .await;
        assert_eq!(revoked.expect(200)["state"], "revoked");
    }
    // What the firm knows anyway it is told.
    let body = json!({"email": firm.email, "role": "advisor"});
    let own = firm.admin.post(INVITATIONS, body).await;
    let expected = ("/email".to_owned(), "own_firm".to_owned());
    assert_eq!(own.errors(), [expected]);
}

#[tokio::test]
async fn a_token_that_is_unknown_used_revoked_or_expired_or_of_a_closed_firm_is_refused_alike() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let unknown = accept(&quid, "x").await;
    assert_eq!(unknown.problem(422), "invalid-fields");
    let expected = ("/token".to_owned(), "unusable".to_owned());
    assert_eq!(unknown.errors(), [expected]);

    let (_, expired) = quid
        .invite_member(&firm, "late@redmesa.example", "advisor")
        .await;
    quid.hand.advance_seconds(14 * 24 * 3600 - 1);
    // The access token has expired too.
    let admin = quid.sign_in(&firm.email).await;
    let firm = support::Firm { admin, ..firm };
    let (_, used) = quid.invite_member(&firm, EMAIL, "advisor").await;
    let (id, revoked) = quid
        .invite_member(&firm, "eve@redmesa.example", "advisor")
        .await;
    let (_, left) = quid
        .invite_member(&firm, "left@redmesa.example", "admin")
        .await;
    accept(&quid, &used).await.expect(201);
    let revoke = format!("{INVITATIONS}/{id}/revoke");
    firm.admin.post(&revoke, Value::Null).await.expect(200);
    quid.hand.advance_seconds(1);
    for token in [&expired, &used, &revoked] {
        assert_eq!(accept(&quid, token).await.text(), unknown.text());
    }
    let again = firm.admin.post(&revoke, Value::Null).await;
    assert_eq!(again.json()["state"], "revoked");
    assert_eq!(again.problem(409), "state-forbids");

    let close = json!({"reason": "We retire."});
    firm.admin.post("/v1/firm/close", close).await.expect(204);
    assert_eq!(accept(&quid, &left).await.text(), unknown.text());
}

#[tokio::test]
async fn an_invitation_is_worth_no_more_than_the_admin_who_has_sent_it() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let second = quid.member(&firm, Role::Admin).await;
    let id = second.get("/v1/me").await.expect(200)["id"].clone();
    let path = format!("/v1/members/{}", id.as_str().unwrap());
    let body = json!({"email": EMAIL, "role": "admin"});
    second.post(INVITATIONS, body).await.expect(201);
    let token = quid.token_in_mail(EMAIL).await;
    let role = async |role: &str| {
        let body = json!({"role": role});
        firm.admin.patch(&path, body).await.expect(200);
    };
    let is_unusable = async || {
        let expected = ("/token".to_owned(), "unusable".to_owned());
        assert_eq!(accept(&quid, &token).await.errors(), [expected]);
    };
    role("advisor").await;
    is_unusable().await;
    role("admin").await;
    let go = |verb: &str| format!("{path}/{verb}");
    firm.admin
        .post(&go("deactivate"), Value::Null)
        .await
        .expect(200);
    is_unusable().await;
    firm.admin
        .post(&go("reactivate"), Value::Null)
        .await
        .expect(200);
    accept(&quid, &token).await.expect(201);
}

#[tokio::test]
async fn of_two_who_accept_at_once_one_becomes_a_member() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    for n in 0..5 {
        let email = format!("ben{n}@redmesa.example");
        let (_, token) = quid.invite_member(&firm, &email, "advisor").await;
        let (a, b) = tokio::join!(accept(&quid, &token), accept(&quid, &token));
        let mut statuses = [a.status.as_u16(), b.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422], "{} and {}", a.text(), b.text());
    }
}

#[tokio::test]
async fn nobody_joins_a_firm_that_closes_at_the_same_moment_and_stays_in_it() {
    let quid = support::start().await;
    for n in 0..5 {
        let firm = quid.firm("Soon Gone").await;
        let email = format!("ben{n}@gone.example");
        let (_, token) = quid.invite_member(&firm, &email, "admin").await;
        let reason = json!({"reason": "We retire."});
        let (joined, closed) = tokio::join!(
            accept(&quid, &token),
            firm.admin.post("/v1/firm/close", reason)
        );
        closed.expect(204);
        assert!(
            [201, 422].contains(&joined.status.as_u16()),
            "{}",
            joined.text()
        );
        let db = quid.db.connect().await;
        let query =
            "SELECT count(*) FROM members WHERE firm_id::text = $1 AND deactivated_at IS NULL";
        let row = db.query_one(query, &[&firm.id]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), 0, "{}", joined.text());
    }
}

#[tokio::test]
async fn inviting_again_sends_another_mail_and_revokes_the_older_invitation() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (first, old) = quid.invite_member(&firm, EMAIL, "advisor").await;
    quid.hand.advance_seconds(1);
    let (_, new) = quid.invite_member(&firm, EMAIL, "assistant").await;
    let path = format!("{INVITATIONS}/{first}");
    let replaced = firm.admin.get(&path).await.expect(200);
    assert_eq!(replaced["state"], "revoked");
    accept(&quid, &old).await.problem(422);
    let member = accept(&quid, &new).await.expect(201);
    assert_eq!(member["role"], "assistant");
}

#[tokio::test]
async fn two_admins_who_invite_an_address_at_once_leave_one_invitation_that_can_be_accepted() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let second = quid.member(&firm, Role::Admin).await;
    for n in 0..5 {
        let body = json!({"email": format!("ben{n}@redmesa.example"), "role": "advisor"});
        let (a, b) = tokio::join!(
            firm.admin.post(INVITATIONS, body.clone()),
            second.post(INVITATIONS, body.clone())
        );
        a.expect(201);
        b.expect(201);
    }
    let list = firm.admin.get(INVITATIONS).await.expect(200);
    let states = |wanted: &str| {
        let all = list["data"].as_array().unwrap().iter();
        all.filter(|one| one["state"] == wanted).count()
    };
    assert_eq!((states("pending"), states("revoked")), (5, 5));
}

#[tokio::test]
async fn a_firm_does_not_flood_an_address() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    for _ in 0..3 {
        quid.hand.advance_seconds(1);
        quid.invite_member(&firm, EMAIL, "advisor").await;
    }
    let body = json!({"email": EMAIL, "role": "advisor"});
    let refused = firm.admin.post(INVITATIONS, body).await;
    assert_eq!(refused.header("retry-after"), "3600");
    assert_eq!(refused.problem(429), "too-many-requests");
    // Nothing was done: the last one is still good.
    accept(&quid, &quid.token_in_mail(EMAIL).await)
        .await
        .expect(201);
}

#[tokio::test]
async fn an_address_that_was_taken_since_the_invitation_is_told_to_its_owner_alone() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (id, token) = quid.invite_member(&firm, EMAIL, "advisor").await;
    quid.hand.advance_seconds(1);
    let body = Quid::sign_up_body("Canyon Law", &quid.prove(EMAIL).await);
    quid.nobody().post("/v1/firms", body).await.expect(201);
    assert_eq!(accept(&quid, &token).await.problem(409), "already-exists");
    let path = format!("{INVITATIONS}/{id}");
    assert_eq!(firm.admin.get(&path).await.expect(200)["state"], "pending");
}

#[tokio::test]
async fn whoever_joins_finds_the_proposals_to_the_address() {
    let quid = support::start().await;
    let (a, b) = (quid.firm("A").await, quid.firm("B").await);
    let proposal = json!({"email": EMAIL});
    let proposed = a.admin.post("/v1/partnerships", proposal).await.expect(201);
    quid.hand.advance_seconds(1);
    let (_, token) = quid.invite_member(&b, EMAIL, "advisor").await;
    accept(&quid, &token).await.expect(201);
    let found = b.admin.get("/v1/partnerships").await.expect(200);
    assert_eq!(found["data"][0]["id"], proposed["id"]);
}

#[tokio::test]
async fn what_happens_to_an_invitation_is_in_the_feed_and_in_the_audit_log() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (first, _) = quid.invite_member(&firm, EMAIL, "advisor").await;
    quid.hand.advance_seconds(1);
    let (second, token) = quid.invite_member(&firm, EMAIL, "advisor").await;
    let member = accept(&quid, &token).await.expect(201);
    let db = quid.db.connect().await;
    let admin = firm.admin.get("/v1/me").await.expect(200)["id"].clone();
    for table in ["changes", "audit_entries"] {
        let query = format!(
            "SELECT kind, resource_id::text, action, version, actor_id::text FROM {table}
              WHERE kind = 'member_invitation' OR resource_id::text = $1 ORDER BY seq"
        );
        let id = member["id"].as_str().unwrap();
        let rows = db.query(&query, &[&id]).await.unwrap();
        let told: Vec<Value> = rows
            .iter()
            .map(|row| {
                let text = |place: usize| row.get::<_, Option<String>>(place);
                let version: Option<i32> = row.get(3);
                json!([text(0), text(1), text(2), version, text(4)])
            })
            .collect();
        let expected = json!([
            ["member_invitation", first, "created", 1, admin],
            ["member_invitation", first, "revoke", 2, admin],
            ["member_invitation", second, "created", 1, admin],
            ["member_invitation", second, "accept", 2, member["id"]],
            ["member", member["id"], "created", 1, member["id"]],
        ]);
        assert_eq!(Value::from(told), expected, "{table}");
    }
}

#[tokio::test]
async fn invitations_and_mails_are_forgotten_a_month_later() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let proposal = json!({"email": "nobody@hartwell.example"});
    let proposed = firm.admin.post("/v1/partnerships", proposal).await;
    proposed.expect(201);
    let (_, token) = quid.invite_member(&firm, EMAIL, "advisor").await;
    accept(&quid, &token).await.expect(201);
    quid.invite_member(&firm, "eve@redmesa.example", "advisor")
        .await;
    let db = quid.db.connect().await;
    let count = async |table: &str| {
        let query = format!("SELECT count(*) FROM {table}");
        db.query_one(&query, &[]).await.unwrap().get::<_, i64>(0)
    };
    quid.hand.advance_seconds(29 * 24 * 3600);
    quid.come_round("purge").await;
    assert!(count("mails").await >= 3);
    assert_eq!(count("invitations").await, 1);
    assert_eq!(count("member_invitations").await, 2);
    // The one that was accepted was over then; the others expire after a fortnight.
    quid.hand.advance_seconds(2 * 24 * 3600);
    quid.come_round("purge").await;
    assert_eq!(count("mails").await, 0);
    assert_eq!(count("member_invitations").await, 1);
    quid.hand.advance_seconds(14 * 24 * 3600);
    quid.come_round("purge").await;
    assert_eq!(count("invitations").await, 0);
    assert_eq!(count("member_invitations").await, 0);
}

//! What becomes of a firm that closes, and what its partners keep.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use super::{carry_out, feed, open, propose};
use crate::support::people::PASSWORD;
use crate::support::{self, Firm, Quid};

const REASON: &str = "We retire at the end of the year.";

async fn close(firm: &Firm) {
    let body = json!({"reason": REASON});
    let answer = firm.admin.post("/v1/firm/close", body).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
}

async fn at(firm: &Firm, path: &str, fields: &[&str]) -> Vec<Value> {
    let one = firm.admin.get(path).await.expect(200);
    fields.iter().map(|field| one[*field].clone()).collect()
}

#[tokio::test]
async fn its_partnerships_end_with_what_follows_and_its_partners_keep_reading() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a, &pair.b);
    let path = format!("/v1/partnerships/{}", pair.partnership);
    let introductions = format!("{path}/introductions");
    let (draft, offer) = (pair.draft("One").await, pair.offer("Two").await);
    let accepted = pair.offer("Three").await;
    pair.consent(&accepted).await;
    carry_out(&b.admin, &accepted, "accept").await;
    // And the other way.
    let client = b.admin.post("/v1/clients", json!({"name": "Four"})).await;
    let body = json!({"client_id": client.expect(201)["id"]});
    let theirs = b.admin.post(&introductions, body).await.expect(201);
    let theirs = format!("/v1/introductions/{}", theirs["id"].as_str().unwrap());
    let asked = pair.step(b, "them", "2026-03-09").await;
    let promised = pair.step(b, "us", "2026-03-09").await;
    let terms = format!("{path}/terms");
    let wanted = json!({"review_on": "2027-03-01"});
    a.admin.patch(&terms, wanted).await.expect(200);

    close(a).await;
    let ended = at(b, &path, &["state", "reason", "ended_by_firm_id"]).await;
    assert_eq!(ended, [json!("ended"), json!(REASON), json!(a.id)]);
    let them = at(b, &path, &["them"]).await;
    assert_eq!(them[0]["firm_name"], "Red Mesa Wealth");
    let own = b.admin.get(&theirs).await.expect(200);
    assert_eq!(own["stage"], "withdrawn");
    assert_eq!(at(b, &offer, &["stage"]).await, ["withdrawn"]);
    assert_eq!(b.admin.get(&draft).await.problem(404), "not-found");
    assert_eq!(at(b, &asked, &["state"]).await, ["cancelled"]);
    assert_eq!(at(b, &promised, &["state"]).await, ["planned"]);
    // The last that the partner is told is that it ended; all that follows from it came before.
    let told = feed(&quid, &b.id).await;
    assert_eq!(told.last().unwrap(), "partnership end 4");
    let last = b.admin.get("/v1/audit-entries?limit=1").await.expect(200);
    assert_eq!(last["data"][0]["action"], "end");
    assert_eq!(last["data"][0]["resource_id"], json!(pair.partnership));

    // What was shared is there to be read, and what was accepted is reported on.
    for end in [
        "/terms",
        "/terms/history",
        "/timeline",
        "/notes",
        "/introductions",
    ] {
        let whole = match end {
            "/introductions" => format!("/v1/introductions?partnership_id={}", pair.partnership),
            end => format!("{path}{end}"),
        };
        b.admin.get(&whole).await.expect(200);
    }
    assert_eq!(at(b, &terms, &["review_on"]).await, ["2027-03-01"]);
    let seen = b.admin.get(&accepted).await.expect(200);
    assert_eq!(
        (&seen["stage"], &seen["client"]["name"]),
        (&json!("accepted"), &json!("Three"))
    );
    let met = json!({"stage": "met", "occurred_on": "2026-03-01"});
    let reported = b.admin.post(&format!("{accepted}/stages"), met).await;
    assert_eq!(reported.expect(200)["stage"], "met");
    // Nothing new begins in it.
    let again = b.admin.post(&format!("{path}/resume"), Value::Null).await;
    assert_eq!(again.problem(409), "state-forbids");
    let patched = b.admin.patch(&terms, json!({"exclusive": true})).await;
    assert_eq!(patched.problem(409), "state-forbids");
}

#[tokio::test]
async fn its_proposals_are_taken_back_and_those_made_to_it_declined() {
    let quid = support::start().await;
    let a = quid.firm("Red Mesa Wealth").await;
    let (c, d, e) = tokio::join!(quid.firm("C"), quid.firm("D"), quid.firm("E"));
    let exploring = propose(&a.admin, &c.email).await;
    carry_out(&c.admin, &exploring, "accept").await;
    let made = propose(&a.admin, &d.email).await;
    let received = propose(&e.admin, &a.email).await;
    let invited = "dana@hartwell.example";
    propose(&a.admin, invited).await;

    close(&a).await;
    assert_eq!(
        at(&c, &exploring, &["state", "reason"]).await,
        ["ended", REASON]
    );
    assert_eq!(at(&d, &made, &["state"]).await, ["withdrawn"]);
    let declined = at(&e, &received, &["state", "reason", "them"]).await;
    assert_eq!(declined, [json!("declined"), json!(REASON), Value::Null]);
    for (firm, last) in [
        (&c, "partnership end 3"),
        (&d, "partnership withdraw 2"),
        (&e, "partnership decline 2"),
    ] {
        assert_eq!(feed(&quid, &firm.id).await.last().unwrap(), last);
        assert_eq!(open(&firm.admin).await, Vec::<Value>::new());
    }
    // Whoever signs up by the invitation finds nothing.
    let token = quid.token_in_mail(invited).await;
    let sign_up = Quid::sign_up_body("Hartwell", &token);
    quid.nobody().post("/v1/firms", sign_up).await.expect(201);
    let dana = quid.sign_in(invited).await;
    let found = dana.get("/v1/partnerships").await.expect(200);
    assert_eq!(found["data"], json!([]));
    // To propose to the closed firm is as to propose to nobody.
    let late = json!({"email": a.email});
    let late = e.admin.post("/v1/partnerships", late).await.expect(201);
    assert_eq!(
        (&late["state"], &late["them"]),
        (&json!("proposed"), &Value::Null)
    );
}

#[tokio::test]
async fn its_people_and_machines_are_out_at_once_and_get_no_token_again() {
    let quid = support::start().await;
    let a = quid.firm("Red Mesa Wealth").await;
    let advisor = quid.member(&a, Role::Advisor).await;
    let machine = json!({"name": "CRM", "scopes": ["partnerships:read"]});
    let machine = a.admin.post("/v1/api-clients", machine).await.expect(201);
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        machine["client_id"].as_str().unwrap(),
        machine["client_secret"].as_str().unwrap()
    );
    let token = quid.token(&form).await.expect(200)["access_token"].clone();
    let crm = a.admin.with_token(token.as_str().unwrap());
    let may_not = advisor
        .post("/v1/firm/close", json!({"reason": REASON}))
        .await;
    assert_eq!(may_not.problem(403), "forbidden");
    for actor in [&a.admin, &advisor, &crm] {
        actor.get("/v1/partnerships").await.expect(200);
    }
    close(&a).await;
    for actor in [&a.admin, &advisor, &crm] {
        let out = actor.get("/v1/partnerships").await;
        assert_eq!(out.problem(401), "unauthenticated");
        let out = actor
            .post("/v1/firm/close", json!({"reason": REASON}))
            .await;
        assert_eq!(out.problem(401), "unauthenticated");
    }
    let client = quid.db.connect().await;
    let query = "SELECT email FROM members WHERE firm_id = $1::text::uuid";
    let people = client.query(query, &[&a.id]).await.unwrap();
    assert_eq!(people.len(), 2);
    for person in people {
        let body = json!({"email": person.get::<_, String>(0), "password": PASSWORD});
        let refused = quid.nobody().post("/v1/sessions", body).await;
        assert_eq!(refused.problem(401), "wrong-credentials");
    }
    for actor in [&a.admin, &advisor] {
        let refresh = actor.refresh_token.as_ref().unwrap();
        let form = format!("grant_type=refresh_token&refresh_token={refresh}");
        let refused = quid.token(&form).await;
        assert_eq!(refused.expect(400)["error"], "invalid_grant");
    }
    assert_eq!(
        quid.token(&form).await.expect(401)["error"],
        "invalid_client"
    );
    // Nor whoever the closing has missed.
    let missed =
        "WITH back AS (UPDATE members SET deactivated_at = NULL WHERE firm_id = $1::text::uuid)
                  UPDATE api_clients SET revoked_at = NULL WHERE firm_id = $1::text::uuid";
    assert_eq!(client.execute(missed, &[&a.id]).await.unwrap(), 1);
    let refused = quid.token(&form).await.expect(401);
    assert_eq!(refused["error"], "invalid_client");
    let out = crm.get("/v1/partnerships").await;
    assert_eq!(out.problem(401), "unauthenticated");
    let body = json!({"email": a.email, "password": PASSWORD});
    let refused = quid.nobody().post("/v1/sessions", body).await;
    assert_eq!(refused.problem(401), "wrong-credentials");
}

#[tokio::test]
async fn nothing_stays_open_that_comes_in_at_the_moment_of_closing() {
    let quid = support::start().await;
    let b = quid.firm("Hartwell CPAs").await;
    let mut partners = 0;
    for round in 0..8 {
        let a = quid.firm("Red Mesa Wealth").await;
        let advisor = quid.member(&a, Role::Advisor).await;
        let nobody = format!("nobody{round}@elsewhere.example");
        let reason = json!({"reason": REASON});
        let (closed, own, from_b) = tokio::join!(
            a.admin.post("/v1/firm/close", reason),
            advisor.post("/v1/partnerships", json!({"email": nobody})),
            b.admin.post("/v1/partnerships", json!({"email": a.email})),
        );
        assert_eq!(closed.status, 204, "{}", closed.text());
        assert!(
            [201, 401, 403].contains(&own.status.as_u16()),
            "{}",
            own.text()
        );
        let from_b = from_b.expect(201);
        let client = quid.db.connect().await;
        let query = "SELECT count(*) FROM partnerships
                      WHERE $1::text::uuid IN (proposer_firm_id, recipient_firm_id)
                        AND state IN ('proposed', 'exploring', 'active', 'paused')";
        let left: i64 = client.query_one(query, &[&a.id]).await.unwrap().get(0);
        assert_eq!(left, 0, "round {round}");
        let path = format!("/v1/partnerships/{}", from_b["id"].as_str().unwrap());
        partners += usize::from(at(&b, &path, &["state"]).await == ["declined"]);
    }
    println!("{partners} of 8 proposals came before the closing");
}

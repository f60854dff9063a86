//! Whom to call, as the rules say.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use super::{a_contact, create, feed};
use crate::support::{self, Actor, Pair};

async fn whom(by: &Actor, pair: &Pair, query: &str) -> Value {
    let path = format!("/v1/partnerships/{}/whom-to-call{query}", pair.partnership);
    by.get(&path).await.expect(200)
}

/// The names of the person and the stand-in.
async fn names(by: &Actor, pair: &Pair, query: &str) -> (Value, Value) {
    let told = whom(by, pair, query).await;
    (
        told["person"]["name"].clone(),
        told["stand_in"]["name"].clone(),
    )
}

#[tokio::test]
async fn the_rules_answer_one_person_and_a_stand_in() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    // It is 2026-03-02 in the zone of the firm that is called.
    for (name, reasons, more) in [
        ("Nora", ["documents", "tax"].as_slice(), Value::Null),
        ("Otis", &["tax"], json!({"preference": 2})),
        (
            "Pia",
            &["tax"],
            json!({"away_from_on": "2026-03-01", "away_to_on": "2026-03-02"}),
        ),
        ("Quin", &["other"], Value::Null),
        (
            "Ruth",
            &["tax", "estate"],
            json!({"preference": 3, "away_from_on": "2026-03-03"}),
        ),
    ] {
        quid.hand.advance_seconds(1);
        create(b, &pair, a_contact(name, reasons, more)).await;
    }
    let told = whom(a, &pair, "?about=tax").await;
    assert_eq!(told["today_on"], "2026-03-02");
    assert_eq!(
        (&told["about"], &told["side"]),
        (&json!("tax"), &json!("them"))
    );
    assert_eq!(told["person"]["name"], "Otis");
    assert_eq!(told["person"]["detail"], "Otis on tax");
    assert_eq!(
        told["person"]["because"],
        "Pia comes before, but is away until 2026-03-02. Otis is called about tax: reason 1 of 1."
    );
    assert_eq!(told["stand_in"]["name"], "Ruth");
    let expected = |one: &str, other: &str| (json!(one), json!(other));
    let lead = "Admin of Hartwell CPAs";
    assert_eq!(
        names(a, &pair, "?about=documents").await,
        expected("Nora", "Quin")
    );
    assert_eq!(
        names(a, &pair, "?about=billing").await,
        expected("Quin", lead)
    );
    assert_eq!(names(a, &pair, "").await, expected("Quin", lead));
    // The party that is asked about its own is answered alike.
    assert_eq!(
        names(b, &pair, "?about=tax&side=us").await,
        expected("Otis", "Ruth")
    );
    // The other side has named nobody: its lead is called, of whom a partner knows the name alone.
    let told = whom(b, &pair, "?about=tax").await;
    let person = &told["person"];
    assert_eq!(person["name"], "Admin of Red Mesa Wealth");
    assert_eq!(
        person["because"],
        "Nobody here today is called about tax; Admin of Red Mesa Wealth leads the party."
    );
    for unknown in [
        "contact_id",
        "role",
        "email",
        "phone",
        "phone_e164",
        "detail",
    ] {
        assert_eq!(person[unknown], Value::Null, "{unknown}");
    }
    assert_eq!(told["stand_in"], Value::Null);
    let wrong = format!(
        "/v1/partnerships/{}/whom-to-call?about=weather",
        pair.partnership
    );
    assert_eq!(a.get(&wrong).await.problem(400), "malformed-request");
}

#[tokio::test]
async fn an_absence_is_counted_in_the_zone_of_the_firm_that_is_called() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let more = json!({"away_from_on": "2026-03-03", "away_to_on": "2026-03-04"});
    create(b, &pair, a_contact("Nora", &["tax"], more)).await;
    assert_eq!(names(a, &pair, "?about=tax").await.0, "Nora");
    // It is 09:30 in UTC, and 23:30 of the same day in the zone that is furthest ahead.
    b.patch("/v1/firm", json!({"time_zone": "Pacific/Kiritimati"}))
        .await
        .expect(200);
    let told = whom(a, &pair, "?about=tax").await;
    assert_eq!(told["today_on"], "2026-03-02");
    quid.hand.advance_seconds(3600);
    let a = quid.sign_in(&pair.a.email).await;
    let told = whom(&a, &pair, "?about=tax").await;
    assert_eq!(told["today_on"], "2026-03-03");
    assert_eq!(told["person"]["name"], "Admin of Hartwell CPAs");
    assert_eq!(told["stand_in"], Value::Null);
}

#[tokio::test]
async fn who_has_left_the_firm_is_not_offered_until_the_member_is_back() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let member = quid.member(&pair.b, Role::Assistant).await;
    let id = member.get("/v1/me").await.expect(200)["id"].clone();
    let path = create(
        b,
        &pair,
        a_contact("Nora", &["tax"], json!({"member_id": id})),
    )
    .await;
    assert_eq!(names(a, &pair, "?about=tax").await.0, "Nora");
    let at = |verb: &str| format!("/v1/members/{}/{verb}", id.as_str().unwrap());
    b.post(&at("deactivate"), Value::Null).await.expect(200);
    assert_eq!(
        names(a, &pair, "?about=tax").await.0,
        "Admin of Hartwell CPAs"
    );
    assert_eq!(a.get(&path).await.expect(200)["has_left"], true);
    // Who has left stays named when something else is changed.
    b.patch(&path, json!({"role": "Retired"})).await.expect(200);
    b.post(&at("reactivate"), Value::Null).await.expect(200);
    assert_eq!(names(a, &pair, "?about=tax").await.0, "Nora");
    let told = ["created 1", "updated 2", "updated 3", "updated 4"];
    assert_eq!(feed(&quid, &pair.a.id).await, told);
}

//! Who writes contacts, and who reads them.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use super::{a_contact, contacts, create, feed};
use crate::support;

#[tokio::test]
async fn both_read_both_sides_and_each_writes_its_own() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let more =
        json!({"email": " Nora@Hartwell.example ", "phone": "(303) 555-0147", "preference": 3});
    let path = create(
        b,
        &pair,
        a_contact("Nora Lindt", &["tax", "documents"], more),
    )
    .await;
    quid.hand.advance_seconds(1);
    create(
        a,
        &pair,
        a_contact("Ana Ruiz", &["investments"], Value::Null),
    )
    .await;
    let (own, theirs) = (
        b.get(&path).await.expect(200),
        a.get(&path).await.expect(200),
    );
    assert_eq!(
        (&own["side"], &theirs["side"]),
        (&json!("us"), &json!("them"))
    );
    for seen in [&own, &theirs] {
        assert_eq!(seen["email"], "nora@hartwell.example");
        assert_eq!(seen["phone"], "(303) 555-0147");
        assert_eq!(seen["phone_e164"], "+13035550147");
        assert_eq!(seen["warnings"], json!([]));
        assert_eq!(seen["preference"], 3);
        let reasons = json!([
            {"reason": "tax", "detail": "Nora Lindt on tax"},
            {"reason": "documents", "detail": "Nora Lindt on documents"},
        ]);
        assert_eq!(seen["reasons"], reasons);
    }
    for (filter, expected) in [
        ("", vec!["Nora Lindt", "Ana Ruiz"]),
        ("?side=them", vec!["Nora Lindt"]),
        ("?side=us", vec!["Ana Ruiz"]),
        ("?reason=documents", vec!["Nora Lindt"]),
        ("?reason=billing", vec![]),
        ("?reason=tax&side=us", vec![]),
    ] {
        let page = a
            .get(&format!("{}{filter}", contacts(&pair)))
            .await
            .expect(200);
        let page = page["data"].as_array().unwrap().clone();
        let names: Vec<&str> = page
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, expected, "{filter}");
    }
    let refused = a.patch(&path, json!({"role": "Partner"})).await;
    assert_eq!(refused.problem(403), "forbidden");
    assert_eq!(a.delete(&path).await.problem(403), "forbidden");
    let changed = b
        .patch(&path, json!({"role": "Partner", "email": null}))
        .await
        .expect(200);
    assert_eq!(
        (&changed["role"], &changed["email"]),
        (&json!("Partner"), &Value::Null)
    );
    assert_eq!(changed["version"], 2);
    // The same again changes nothing.
    let same = b.patch(&path, json!({"role": "Partner"})).await.expect(200);
    assert_eq!(same["version"], 2);
    assert_eq!(b.delete(&path).await.status, 204);
    assert_eq!(a.get(&path).await.problem(404), "not-found");
    let told = ["created 1", "created 1", "updated 2", "deleted 3"];
    assert_eq!(feed(&quid, &pair.a.id).await, told);
    assert_eq!(feed(&quid, &pair.b.id).await, told);
}

#[tokio::test]
async fn a_stranger_finds_nothing() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let stranger = quid.firm("Elsewhere").await.admin;
    let body = a_contact("Nora Lindt", &["tax"], Value::Null);
    let path = create(&pair.b.admin, &pair, body.clone()).await;
    let whom = format!("/v1/partnerships/{}/whom-to-call", pair.partnership);
    for path in [&path, &contacts(&pair), &whom] {
        assert_eq!(stranger.get(path).await.problem(404), "not-found", "{path}");
    }
    assert_eq!(
        stranger.post(&contacts(&pair), body).await.problem(404),
        "not-found"
    );
    assert_eq!(stranger.delete(&path).await.problem(404), "not-found");
    let changed = stranger
        .patch_with(&path, "*", json!({"role": "Mine"}))
        .await;
    assert_eq!(changed.problem(404), "not-found");
}

#[tokio::test]
async fn what_does_not_go_together_is_named_all_at_once() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let b = &pair.b.admin;
    let me = pair.a.admin.get("/v1/me").await.expect(200)["id"].clone();
    let more = json!({"member_id": me, "away_to_on": "2026-03-09"});
    let refused = b
        .post(&contacts(&pair), a_contact("Nora", &["tax", "tax"], more))
        .await;
    assert_eq!(refused.problem(422), "invalid-fields");
    let expected = [
        ("/away_from_on", "needed"),
        ("/member_id", "unknown"),
        ("/reasons/1/reason", "twice"),
    ];
    assert_eq!(
        refused.errors(),
        expected.map(|(at, what)| (at.to_owned(), what.to_owned()))
    );
    let nothing = a_contact("Nora", &[], Value::Null);
    assert_eq!(
        b.post(&contacts(&pair), nothing).await.problem(422),
        "invalid-fields"
    );
    let path = create(b, &pair, a_contact("Nora", &["tax"], Value::Null)).await;
    let tag = b.get(&path).await.header("etag").to_owned();
    b.patch_with(&path, &tag, json!({"role": "Partner"}))
        .await
        .expect(200);
    let stale = b.patch_with(&path, &tag, json!({"role": "Clerk"})).await;
    assert_eq!(stale.problem(412), "precondition-failed");
}

#[tokio::test]
async fn a_number_that_can_not_be_read_is_kept_as_written_with_a_warning() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let more = json!({"phone": "extension 17"});
    let path = create(&pair.b.admin, &pair, a_contact("Nora", &["tax"], more)).await;
    let seen = pair.a.admin.get(&path).await.expect(200);
    assert_eq!(
        (&seen["phone"], &seen["phone_e164"]),
        (&json!("extension 17"), &Value::Null)
    );
    assert_eq!(seen["warnings"], json!(["phone_not_read"]));
}

#[tokio::test]
async fn a_member_is_one_contact_of_a_partnership() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let b = &pair.b.admin;
    let member = quid.member(&pair.b, Role::Assistant).await;
    let more = json!({"member_id": member.get("/v1/me").await.expect(200)["id"]});
    create(b, &pair, a_contact("Nora", &["tax"], more.clone())).await;
    let again = b
        .post(&contacts(&pair), a_contact("Nora L.", &["tax"], more))
        .await;
    assert_eq!(again.problem(409), "already-exists");
}

#[tokio::test]
async fn an_ended_partnership_keeps_its_contacts_to_be_read() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let body = a_contact("Nora", &["tax"], Value::Null);
    let path = create(b, &pair, body.clone()).await;
    let end = format!("/v1/partnerships/{}/end", pair.partnership);
    a.post(&end, json!({"reason": "So be it."}))
        .await
        .expect(200);
    for admin in [a, b] {
        assert_eq!(admin.get(&path).await.expect(200)["name"], "Nora");
        let page = admin.get(&contacts(&pair)).await.expect(200);
        assert_eq!(page["data"].as_array().unwrap().len(), 1);
    }
    assert_eq!(
        b.post(&contacts(&pair), body).await.problem(409),
        "state-forbids"
    );
    assert_eq!(b.delete(&path).await.problem(409), "state-forbids");
    let changed = b.patch(&path, json!({"role": "Clerk"})).await;
    assert_eq!(changed.problem(409), "state-forbids");
}

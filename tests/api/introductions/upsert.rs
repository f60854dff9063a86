//! Introductions by external id, one open for a client and a partner, and edits that cross.

use serde_json::json;

use quid::platform::auth::Role;

use crate::support;

#[tokio::test]
async fn an_upsert_creates_then_leaves_alone_then_updates() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let crm = quid
        .api_client(&pair.a, &["introductions:write", "introductions:read"])
        .await;
    let client = pair.client("Mary Greene").await;
    let path = "/v1/introductions/by-external-id/salesforce/006A1";
    let mut body =
        json!({"partnership_id": pair.partnership, "client_id": client, "summary": "Sells."});
    let made = crm.put(path, body.clone()).await;
    assert_eq!(made.header("quid-upsert"), "created");
    let made = made.expect(201);
    assert_eq!(made["external_ids"], json!({"salesforce": "006A1"}));
    let same = crm.put(path, body.clone()).await;
    assert_eq!(same.header("quid-upsert"), "unchanged");
    assert_eq!(same.expect(200), made);
    body["summary"] = json!("Sells in spring.");
    let changed = crm.put(path, body.clone()).await;
    assert_eq!(changed.header("quid-upsert"), "updated");
    let changed = changed.expect(200);
    assert_eq!(
        (&changed["id"], &changed["version"]),
        (&made["id"], &json!(2))
    );

    body["client_id"] = json!(pair.client("Carl Harvey").await);
    let other = crm.put(path, body).await;
    assert_eq!(other.problem(409), "already-exists");
    assert_eq!(other.json()["existing_id"], made["id"]);
}

#[tokio::test]
async fn fifty_upserts_of_one_external_id_at_once_make_one_introduction() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let client = pair.client("Mary Greene").await;
    let body = json!({"partnership_id": pair.partnership, "client_id": client});
    let puts = (0..50).map(|_| {
        pair.a
            .admin
            .put("/v1/introductions/by-external-id/crm/1", body.clone())
    });
    let answers = futures_util::future::join_all(puts).await;
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(created, 1);
    assert!(
        answers.iter().all(|answer| answer.status.is_success()),
        "{answers:?}"
    );
    let all = pair.a.admin.get("/v1/introductions").await.expect(200);
    assert_eq!(all["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_second_open_introduction_names_the_first() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let client = pair.client("Mary Greene").await;
    let path = format!("/v1/partnerships/{}/introductions", pair.partnership);
    let first = pair
        .a
        .admin
        .post(&path, json!({"client_id": client}))
        .await
        .expect(201);
    let second = pair.a.admin.post(&path, json!({"client_id": client})).await;
    assert_eq!(second.problem(409), "already-exists");
    assert_eq!(second.json()["existing_id"], first["id"]);
    pair.a
        .admin
        .post(
            &format!(
                "/v1/introductions/{}/withdraw",
                first["id"].as_str().unwrap()
            ),
            serde_json::Value::Null,
        )
        .await
        .expect(200);
    pair.a
        .admin
        .post(&path, json!({"client_id": client}))
        .await
        .expect(201);
}

#[tokio::test]
async fn a_client_of_another_firm_can_not_be_introduced() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let client = pair.client("Mary Greene").await;
    let path = format!("/v1/partnerships/{}/introductions", pair.partnership);
    let theirs = pair.b.admin.post(&path, json!({"client_id": client})).await;
    assert_eq!(
        theirs.errors(),
        [("/client_id".to_owned(), "unknown".to_owned())]
    );
}

#[tokio::test]
async fn two_members_patch_one_introduction_at_once_and_one_of_them_is_told() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.draft("Mary Greene").await;
    let colleague = quid.member(&pair.a, Role::Advisor).await;
    for round in 0..10 {
        let tag = pair.a.admin.get(&path).await.header("etag").to_owned();
        let (one, other) = tokio::join!(
            pair.a
                .admin
                .patch_with(&path, &tag, json!({"summary": format!("one {round}")})),
            colleague.patch_with(&path, &tag, json!({"summary": format!("other {round}")})),
        );
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let (won, lost) = if one.status == 200 {
            (one, other)
        } else {
            (other, one)
        };
        assert_eq!(lost.problem(412), "precondition-failed");
        assert_eq!(
            lost.header("etag"),
            won.header("etag"),
            "the answer has the present tag"
        );
    }
}

#[tokio::test]
async fn a_patch_asks_for_the_version_and_clears_with_null() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.draft("Mary Greene").await;
    let none = pair
        .a
        .admin
        .send(reqwest::Method::PATCH, &path, &[], Some(b"{}".to_vec()))
        .await;
    assert_eq!(none.problem(428), "precondition-required");
    pair.a
        .admin
        .patch(
            &path,
            json!({"summary": "Sells.", "expected_value": {"amount_minor": 5, "currency": "JPY"}}),
        )
        .await
        .expect(200);
    let cleared = pair
        .a
        .admin
        .patch(&path, json!({"expected_value": null}))
        .await
        .expect(200);
    assert_eq!(
        (&cleared["summary"], &cleared["expected_value"]),
        (&json!("Sells."), &serde_json::Value::Null)
    );
    let same = pair.a.admin.patch(&path, json!({})).await.expect(200);
    assert_eq!(same["version"], cleared["version"]);
}

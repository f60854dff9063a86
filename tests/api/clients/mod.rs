//! Clients: who counts as the same, upserts, patches.

use serde_json::{Value, json};

use crate::support;

#[tokio::test]
async fn the_same_address_or_number_is_the_same_client_unless_said_otherwise() {
    let quid = support::start().await;
    let firm = quid.firm("A").await;
    let first =
        json!({"name": "Mary Greene", "email": "mary@mail.example", "phone": "(303) 555-0147"});
    let first = firm.admin.post("/v1/clients", first).await.expect(201);
    assert_eq!(first["phone_e164"], "+13035550147");
    for (field, value) in [("email", "MARY@mail.example"), ("phone", "+1 303 555 0147")] {
        let mut body = json!({"name": "Somebody Else"});
        body[field] = json!(value);
        let refused = firm.admin.post("/v1/clients", body.clone()).await;
        assert_eq!(refused.problem(409), "already-exists");
        assert_eq!(refused.json()["existing_id"], first["id"], "{field}");
        body["distinct_person"] = json!(true);
        firm.admin.post("/v1/clients", body).await.expect(201);
    }
    // Another firm's clients are none of its business.
    let other = quid.firm("B").await;
    other
        .admin
        .post(
            "/v1/clients",
            json!({"name": "M", "email": "mary@mail.example"}),
        )
        .await
        .expect(201);
}

#[tokio::test]
async fn a_namesake_and_a_number_that_can_not_be_read_are_warnings() {
    let quid = support::start().await;
    let firm = quid.firm("A").await;
    let one = firm
        .admin
        .post(
            "/v1/clients",
            json!({"name": "Anna Kelly", "phone": "3-(902)296-6183"}),
        )
        .await
        .expect(201);
    assert_eq!(one["warnings"], json!(["phone_not_read"]));
    assert_eq!(
        (&one["phone"], &one["phone_e164"]),
        (&json!("3-(902)296-6183"), &Value::Null)
    );
    let two = firm
        .admin
        .post("/v1/clients", json!({"name": "anna kelly"}))
        .await
        .expect(201);
    let path = format!("/v1/clients/{}", two["id"].as_str().unwrap());
    assert_eq!(
        firm.admin.get(&path).await.expect(200)["warnings"],
        json!(["same_name"])
    );
}

#[tokio::test]
async fn an_upsert_replaces_the_whole_and_leaves_what_is_the_same_alone() {
    let quid = support::start().await;
    let firm = quid.firm("A").await;
    let path = "/v1/clients/by-external-id/npsp/17";
    let body = json!({"name": "Mary Greene", "email": "mary@mail.example", "traits": ["widowed"]});
    let made = firm.admin.put(path, body.clone()).await;
    assert_eq!(made.header("quid-upsert"), "created");
    let made = made.expect(201);
    assert_eq!(made["external_ids"], json!({"npsp": "17"}));
    let same = firm.admin.put(path, body).await;
    assert_eq!(same.header("quid-upsert"), "unchanged");
    assert_eq!(same.expect(200)["version"], 1);
    let changed = firm.admin.put(path, json!({"name": "Mary Greene"})).await;
    assert_eq!(changed.header("quid-upsert"), "updated");
    let changed = changed.expect(200);
    assert_eq!(
        (&changed["email"], &changed["traits"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(firm.admin.get(path).await.expect(200), changed);
}

#[tokio::test]
async fn a_patch_merges_figures_and_replaces_traits() {
    let quid = support::start().await;
    let firm = quid.firm("A").await;
    let body = json!({"name": "M", "attributes": {"age": 61, "investable_assets": 5.5}, "traits": ["a", "b"], "notes": "n"});
    let made = firm.admin.post("/v1/clients", body).await.expect(201);
    let path = format!("/v1/clients/{}", made["id"].as_str().unwrap());
    let patch = json!({"attributes": {"age": null, "children": 2}, "traits": ["c"], "notes": null});
    let changed = firm.admin.patch(&path, patch).await.expect(200);
    assert_eq!(
        changed["attributes"],
        json!({"children": 2, "investable_assets": 5.5})
    );
    assert_eq!(
        (&changed["traits"], &changed["notes"], &changed["name"]),
        (&json!(["c"]), &Value::Null, &json!("M"))
    );
    let odd = firm
        .admin
        .patch(
            &path,
            json!({"name": null, "attributes": {"Bad Name": 1}, "traits": ["x y"]}),
        )
        .await;
    assert_eq!(odd.problem(422), "invalid-fields");
    let places: Vec<_> = odd
        .errors()
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
    assert_eq!(places, ["/attributes", "/name", "/traits/0"]);
}

#[tokio::test]
async fn an_id_of_ones_own_makes_one_client_and_the_same_again_is_the_same_answer() {
    let quid = support::start().await;
    let (firm, other) = (quid.firm("A").await, quid.firm("B").await);
    let id = "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a11";
    let body = json!({"id": id, "name": "Mary Greene"});
    let made = firm
        .admin
        .post("/v1/clients", body.clone())
        .await
        .expect(201);
    assert_eq!(made["id"], id);
    let again = firm.admin.post("/v1/clients", body.clone()).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.expect(201), made);
    // Another body, or another firm: a bare 409 that says nothing of what holds it.
    let changed = firm
        .admin
        .post("/v1/clients", json!({"id": id, "name": "Carl"}))
        .await;
    assert_eq!(changed.problem(409), "id-taken");
    let foreign = other.admin.post("/v1/clients", body).await;
    assert_eq!(foreign.problem(409), "id-taken");
    assert!(foreign.json().get("existing_id").is_none());
}

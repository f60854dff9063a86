//! How well a client fits: weighed before anybody is introduced, kept when it is offered, ranked.

use serde_json::{Value, json};

use super::{agree, exploring, ideal_client, profile};
use crate::support::{self, Actor, Pair, lay_foundation_but};

/// An active partnership in which A asks for 500,000 and B for 250,000.
async fn weighing(quid: &support::Quid) -> Pair {
    let pair = exploring(quid).await;
    agree_on(&pair, 500_000.0, 250_000.0).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    lay_foundation_but(a, b, &pair.partnership, &["ideal_client"]).await;
    let activate = format!("/v1/partnerships/{}/activate", pair.partnership);
    a.post(&activate, Value::Null).await.expect(200);
    pair
}

async fn agree_on(pair: &Pair, ours: f64, theirs: f64) -> String {
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let present = a.get(&pair.plan()).await.expect(200)["sections"][1]["in_force"].clone();
    let them = present["body"]["them"].clone();
    let first = pair
        .propose(a, ideal_client(profile(ours), them), None)
        .await;
    let second = ideal_client(profile(theirs), profile(ours));
    let second = pair.propose(b, second, Some(&first)).await;
    agree(a, &second).await.expect(200);
    second.rsplit('/').next().unwrap().to_owned()
}

async fn client(by: &Actor, name: &str, assets: Option<u32>, traits: &[&str]) -> String {
    let mut body = json!({"name": name, "traits": traits, "attributes": {}});
    if let Some(assets) = assets {
        body["attributes"]["investable_assets"] = json!(assets);
    }
    let made = by.post("/v1/clients", body).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_client_is_weighed_by_what_the_receiver_asks_and_nothing_is_stored() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let a = &pair.a.admin;
    let mary = client(a, "Mary Greene", Some(400_000), &["business_owner"]).await;
    let path = format!("/v1/partnerships/{}/candidates/{mary}", pair.partnership);
    assert_eq!(a.get(&path).await.expect(200)["fit"], Value::Null);
    let version = agree_on(&pair, 500_000.0, 250_000.0).await;
    let rows = async || {
        let client = quid.db.connect().await;
        let query = "SELECT (SELECT count(*) FROM changes) + (SELECT count(*) FROM introductions)";
        client.query_one(query, &[]).await.unwrap().get::<_, i64>(0)
    };
    let before = rows().await;
    let weighed = a.get(&path).await.expect(200);
    assert_eq!(
        (&weighed["client_id"], &weighed["name"]),
        (&json!(mary), &json!("Mary Greene"))
    );
    assert_eq!(
        weighed["fit"],
        json!({"plan_version_id": version, "score": 100, "band": "strong", "criteria": [
            {"source": "receiver", "attribute": "investable_assets", "trait": null, "verdict": "met", "value": 400_000.0,
             "min": 250_000.0, "max": null, "unit": "USD", "wanted": null, "weight": 3, "required": true},
            {"source": "receiver", "attribute": null, "trait": "business_owner", "verdict": "met", "value": null,
             "min": null, "max": null, "unit": null, "wanted": true, "weight": 1, "required": false}]})
    );
    assert_eq!(rows().await, before);
    // What B asks is not what A asks.
    let carl = client(
        &pair.b.admin,
        "Carl Harvey",
        Some(400_000),
        &["business_owner"],
    )
    .await;
    let path = format!("/v1/partnerships/{}/candidates/{carl}", pair.partnership);
    let theirs = pair.b.admin.get(&path).await.expect(200)["fit"].clone();
    assert_eq!(
        (&theirs["score"], &theirs["band"]),
        (&json!(0), &json!("none"))
    );
    assert_eq!(a.get(&path).await.problem(404), "not-found");
}

#[tokio::test]
async fn an_introduction_keeps_the_fit_that_it_was_offered_with() {
    let quid = support::start().await;
    let pair = weighing(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let mary = client(a, "Mary Greene", Some(300_000), &["retired"]).await;
    let drafts = format!("/v1/partnerships/{}/introductions", pair.partnership);
    let draft = a
        .post(&drafts, json!({"client_id": mary}))
        .await
        .expect(201);
    assert_eq!(draft["fit"], Value::Null);
    let path = format!("/v1/introductions/{}", draft["id"].as_str().unwrap());
    let offered = a
        .post(&format!("{path}/offer"), Value::Null)
        .await
        .expect(200);
    let version = a.get(&pair.plan()).await.expect(200)["sections"][1]["in_force"]["id"].clone();
    let kept = json!({"plan_version_id": version, "score": 75, "band": "strong"});
    assert_eq!(offered["fit"], kept);
    assert_eq!(b.get(&path).await.expect(200)["fit"], kept);

    // The two ask for more now, and the client has less: what was offered stays as it was.
    let newer = agree_on(&pair, 500_000.0, 350_000.0).await;
    for by in [a, b] {
        let fit = by.get(&format!("{path}/fit")).await.expect(200);
        assert_eq!(fit["when_offered"], kept);
        assert_eq!(fit["now"]["plan_version_id"], json!(newer));
        assert_eq!(
            (&fit["now"]["score"], &fit["now"]["band"]),
            (&json!(0), &json!("none"))
        );
        assert_eq!(fit["now"]["criteria"][0]["value"], 300_000.0);
    }
}

#[tokio::test]
async fn without_an_ideal_client_there_is_no_fit() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let offer = pair.offer("Mary Greene").await;
    let fit = pair.b.admin.get(&format!("{offer}/fit")).await.expect(200);
    assert_eq!(
        (&fit["when_offered"], &fit["now"]),
        (&Value::Null, &Value::Null)
    );
    let path = format!("/v1/partnerships/{}/candidates", pair.partnership);
    let candidates = pair.a.admin.get(&path).await.expect(200);
    assert_eq!(candidates["data"][0]["name"], "Mary Greene");
    assert_eq!(candidates["data"][0]["fit"], Value::Null);
}

#[tokio::test]
async fn candidates_are_ranked_page_by_page_for_their_own_firm_alone() {
    let quid = support::start().await;
    let pair = weighing(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let owner = &["business_owner"][..];
    let best = client(a, "Best", Some(900_000), owner).await;
    let good = client(a, "Good", Some(900_000), &["retired"]).await;
    let poor = client(a, "Poor", Some(100), owner).await;
    let unknown = client(a, "Unknown", None, owner).await;
    client(b, "Another's", Some(900_000), owner).await;
    let drafts = format!("/v1/partnerships/{}/introductions", pair.partnership);
    let open = a
        .post(&drafts, json!({"client_id": good}))
        .await
        .expect(201);
    let path = format!("/v1/partnerships/{}/candidates", pair.partnership);
    let mut told = Vec::new();
    let mut next = format!("{path}?limit=1");
    loop {
        let page = a.get(&next).await.expect(200);
        let one = page["data"][0].clone();
        told.push((
            one["client_id"].clone(),
            one["fit"]["score"].clone(),
            one["open_introduction_id"].clone(),
        ));
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("{path}?limit=1&cursor={cursor}"),
            None => break,
        }
    }
    let expected = [
        (json!(best), json!(100), Value::Null),
        (json!(good), json!(75), open["id"].clone()),
        (json!(unknown), json!(25), Value::Null),
        (json!(poor), json!(0), Value::Null),
    ];
    assert_eq!(told, expected);
    let theirs = b.get(&path).await.text();
    assert!(
        !theirs.contains("Best") && theirs.contains("Another's"),
        "{theirs}"
    );
}

#[tokio::test]
async fn the_pipeline_tells_how_well_what_is_open_fits_and_the_records_add_up_to_it() {
    let quid = support::start().await;
    let pair = weighing(&quid).await;
    let a = &pair.a.admin;
    let drafts = format!("/v1/partnerships/{}/introductions", pair.partnership);
    for (name, assets) in [
        ("Mary Greene", Some(400_000)),
        ("Ann Lee", Some(900_000)),
        ("Bo Hill", Some(10_000)),
        ("Cy Dunn", None),
    ] {
        let client = client(a, name, assets, &["business_owner"]).await;
        let draft = a.post(&drafts, json!({"client_id": client})).await;
        let draft = draft.expect(201);
        if name != "Cy Dunn" {
            let offer = format!("/v1/introductions/{}/offer", draft["id"].as_str().unwrap());
            a.post(&offer, Value::Null).await.expect(200);
        }
    }
    let told = a.get("/v1/pipeline").await.expect(200);
    let mut bands = std::collections::BTreeMap::new();
    for stage in told["open"].as_array().unwrap() {
        let mut all = 0;
        for fit in stage["by_fit"].as_array().unwrap() {
            let count = fit["count"].as_u64().unwrap();
            let records = a.get(fit["records"].as_str().unwrap()).await.expect(200);
            let records = records["data"].as_array().unwrap();
            assert_eq!(u64::try_from(records.len()), Ok(count), "{fit}");
            for one in records {
                assert_eq!(one["fit"]["band"], fit["band"], "{one}");
            }
            all += count;
            *bands.entry(fit["band"].to_string()).or_insert(0) += count;
        }
        assert_eq!(stage["count"], all, "{stage}");
    }
    // The draft has none yet.
    assert_eq!(bands["null"], 1);
    assert_eq!(bands["\"strong\""], 2, "{bands:?}");
    assert_eq!(bands.values().sum::<u64>(), 4);
}

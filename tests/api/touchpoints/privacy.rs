//! Of what is private the other firm sees no sign.

use serde_json::{Value, json};

use super::{a_meal, feed, path_of, record, touchpoints, usd};
use crate::support::{self, Firm, Pair, Quid};

/// All that a firm can read where a touchpoint would show.
async fn seen(quid: &Quid, firm: &Firm, pair: &Pair) -> Vec<String> {
    let partnership = format!("/v1/partnerships/{}", pair.partnership);
    let around = [
        "",
        "/touchpoints",
        "/touchpoints?kind=meal",
        "/vitality",
        "/reciprocity",
        "/results",
    ];
    let mut paths = around.map(|end| format!("{partnership}{end}")).to_vec();
    paths.extend(["/v1/gift-totals", "/v1/audit-entries", "/v1/disclosures"].map(str::to_owned));
    let mut all = Vec::new();
    for path in paths {
        let answer = firm.admin.get(&path).await;
        all.push(format!(
            "{path} {} {}",
            answer.header("etag"),
            answer.text()
        ));
    }
    let client = quid.db.connect().await;
    let query = "SELECT c::text FROM changes c WHERE firm_id = $1::text::uuid ORDER BY xid8, seq";
    let rows = client.query(query, &[&firm.id]).await.unwrap();
    all.extend(rows.iter().map(|row| row.get::<_, String>(0)));
    all
}

#[tokio::test]
async fn a_private_touchpoint_leaves_no_sign_at_the_partner() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let dana = b.get("/v1/me").await.expect(200)["id"].clone();
    let before = seen(&quid, &pair.b, &pair).await;
    let more = json!({
        "visibility": "private", "kind": "gift", "note": "A good bottle.", "cost": usd(9_000), "paid_by": "us",
        "guests": [{"side": "them", "member_id": dana}],
    });
    let made = record(a, &pair, a_meal(more)).await;
    let path = path_of(&made);
    assert_eq!(seen(&quid, &pair.b, &pair).await, before);
    assert_eq!(b.get(&path).await.problem(404), "not-found");
    let any = json!({"note": "Mine."});
    assert_eq!(
        b.patch_with(&path, "*", any).await.problem(404),
        "not-found"
    );
    assert_eq!(b.delete(&path).await.problem(404), "not-found");
    a.patch(&path, json!({"note": "Two good bottles."}))
        .await
        .expect(200);
    assert_eq!(seen(&quid, &pair.b, &pair).await, before);
    assert_eq!(a.delete(&path).await.status, 204);
    assert_eq!(seen(&quid, &pair.b, &pair).await, before);
    assert_eq!(
        feed(&quid, &pair.a.id).await,
        ["created 1", "updated 2", "deleted 3"]
    );
    assert!(feed(&quid, &pair.b.id).await.is_empty());
}

#[tokio::test]
async fn to_the_other_firm_a_touchpoint_comes_and_goes_with_its_visibility() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let made = record(a, &pair, a_meal(json!({"visibility": "private"}))).await;
    let path = path_of(&made);
    for (visibility, is_seen) in [("shared", true), ("private", false), ("shared", true)] {
        a.patch(&path, json!({"visibility": visibility}))
            .await
            .expect(200);
        let status = if is_seen { 200 } else { 404 };
        assert_eq!(b.get(&path).await.status, status, "{visibility}");
        let page = b.get(&touchpoints(&pair)).await.expect(200);
        assert_eq!(page["data"].as_array().unwrap().len(), usize::from(is_seen));
    }
    a.patch(&path, json!({"note": "Good."})).await.expect(200);
    assert_eq!(a.delete(&path).await.status, 204);
    assert_eq!(
        feed(&quid, &pair.a.id).await,
        [
            "created 1",
            "updated 2",
            "updated 3",
            "updated 4",
            "updated 5",
            "deleted 6"
        ]
    );
    assert_eq!(
        feed(&quid, &pair.b.id).await,
        [
            "created 2",
            "deleted 3",
            "created 4",
            "updated 5",
            "deleted 6"
        ]
    );
}

#[tokio::test]
async fn who_is_erased_is_taken_out_of_what_the_firm_sees_and_the_others_private_ones_are_left() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let client = pair.client("Wilhelmina Canary").await;
    let more = |visibility: &str| {
        json!({"visibility": visibility, "note": "With Wilhelmina Canary.", "place": "At Wilhelmina Canary's",
            "guests": [{"side": "them", "name": "Wilhelmina Canary"}]})
    };
    let mut paths = Vec::new();
    for (by, visibility) in [(a, "private"), (a, "shared"), (b, "shared"), (b, "private")] {
        paths.push((
            by,
            path_of(&record(by, &pair, a_meal(more(visibility))).await),
        ));
    }
    let contacts = format!("/v1/partnerships/{}/contacts", pair.partnership);
    let contact = json!({"name": "Nora", "role": "Serves Wilhelmina Canary", "reasons": [
        {"reason": "tax", "detail": null}, {"reason": "other", "detail": "Wilhelmina Canary's papers"}]});
    let contact = b.post(&contacts, contact).await.expect(201);
    assert_eq!(a.delete(&format!("/v1/clients/{client}")).await.status, 204);
    let (last, others) = paths.split_last().unwrap();
    for (by, path) in others {
        let left = by.get(path).await.expect(200);
        assert_eq!(left["note"], "With [erased].");
        assert_eq!(left["place"], "At [erased]'s");
        assert_eq!(left["guests"][0]["name"], "[erased]");
        assert_eq!(left["version"], 2);
    }
    assert_eq!(
        b.get(&last.1).await.expect(200)["note"],
        "With Wilhelmina Canary."
    );
    let path = format!("/v1/contacts/{}", contact["id"].as_str().unwrap());
    let left = a.get(&path).await.expect(200);
    assert_eq!(left["role"], "Serves [erased]");
    let details: Vec<&Value> = left["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["detail"])
        .collect();
    assert_eq!(details, [&Value::Null, &json!("[erased]'s papers")]);
    let [of_a, of_b] = [feed(&quid, &pair.a.id).await, feed(&quid, &pair.b.id).await];
    let updated = |feed: &[String]| feed.iter().filter(|one| *one == "updated 2").count();
    assert_eq!((updated(&of_a), updated(&of_b)), (3, 2));
}

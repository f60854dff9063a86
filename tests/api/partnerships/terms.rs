//! The terms of an arrangement: who writes them over which version, what was written when, what wants a
//! look.

use serde_json::{Value, json};

use super::{carry_out, feed, own_id, propose, signed_in_again};
use crate::support::{self, Actor, Answer, Pair};

fn path(pair: &Pair) -> String {
    format!("/v1/partnerships/{}/terms", pair.partnership)
}

async fn tag(by: &Actor, path: &str) -> String {
    by.get(path).await.header("etag").to_owned()
}

async fn warnings(by: &Actor, path: &str) -> Value {
    by.get(path).await.expect(200)["warnings"].clone()
}

#[tokio::test]
async fn before_anybody_has_written_them_they_say_nothing() {
    let quid = support::start().await;
    let (a, b) = tokio::join!(quid.firm("A"), quid.firm("B"));
    let partnership = propose(&a.admin, &b.email).await;
    let terms = format!("{partnership}/terms");
    for firm in [&a, &b] {
        assert_eq!(firm.admin.get(&terms).await.problem(404), "not-found");
        let history = firm.admin.get(&format!("{terms}/history")).await;
        assert_eq!(history.problem(404), "not-found");
        let refused = firm
            .admin
            .patch_with(&terms, "*", json!({"exclusive": true}))
            .await;
        assert_eq!(refused.problem(404), "not-found");
    }
    let accepted = carry_out(&b.admin, &partnership, "accept").await;
    let unwritten = json!({
        "partnership_id": accepted["id"], "exclusive": null, "clients_informed": null, "review_on": null,
        "compensation": null, "changed_by_firm_id": null, "changed_by": null, "changed_at": null,
        "version": 0, "warnings": ["review_missing"],
    });
    for firm in [&a, &b] {
        assert_eq!(firm.admin.get(&terms).await.expect(200), unwritten);
        let history = firm
            .admin
            .get(&format!("{terms}/history"))
            .await
            .expect(200);
        assert_eq!(history, json!({"data": [], "next_cursor": null}));
    }
}

#[tokio::test]
async fn they_are_written_over_the_version_that_was_read_and_no_other() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let terms = path(&pair);
    let exclusive = json!({"exclusive": true});
    let body = Some(exclusive.to_string().into_bytes());
    let blind = a.send(reqwest::Method::PATCH, &terms, &[], body).await;
    assert_eq!(blind.problem(428), "precondition-required");

    let first = tag(a, &terms).await;
    let written = a.patch_with(&terms, &first, exclusive.clone()).await;
    let second = written.header("etag").to_owned();
    let written = written.expect(200);
    assert_eq!(
        (&written["exclusive"], &written["version"]),
        (&json!(true), &json!(1))
    );
    assert_ne!(first, second);
    assert_eq!(tag(a, &terms).await, second);

    // What the other read before is stale; the answer has the tag to go on with.
    let informed = json!({"clients_informed": true});
    let stale = b.patch_with(&terms, &first, informed.clone()).await;
    assert_eq!(stale.problem(412), "precondition-failed");
    assert_eq!(stale.header("etag"), tag(b, &terms).await);
    let present = stale.header("etag").to_owned();
    let written = b
        .patch_with(&terms, &present, informed.clone())
        .await
        .expect(200);
    assert_eq!(
        (&written["exclusive"], &written["clients_informed"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(written["version"], 2);
    assert_eq!(written["changed_by_firm_id"], json!(pair.b.id));
    assert_eq!(written["changed_by"], json!(own_id(b).await));
    assert_eq!(written["changed_at"], "2026-03-02T09:30:00Z");
    let stale = a.patch_with(&terms, &second, informed).await;
    assert_eq!(stale.problem(412), "precondition-failed");
    assert_eq!(stale.header("etag"), tag(a, &terms).await);
    let unchanged = a
        .get_with(&terms, &[("if-none-match", stale.header("etag"))])
        .await;
    assert_eq!(unchanged.status, 304);

    // What is like this already is no version, and nobody is told.
    let before = feed(&quid, &pair.b.id).await;
    let same = a
        .patch(&terms, json!({"exclusive": true}))
        .await
        .expect(200);
    assert_eq!(same["version"], 2);
    let none = a.patch(&terms, json!({})).await.expect(200);
    assert_eq!(none["version"], 2);
    assert_eq!(feed(&quid, &pair.b.id).await, before);
    for firm in [&pair.a, &pair.b] {
        let told = feed(&quid, &firm.id).await;
        let last = ["partnership_terms updated 1", "partnership_terms updated 2"];
        assert_eq!(told[told.len() - 2..], last);
    }
}

#[tokio::test]
async fn of_two_who_write_at_the_same_moment_one_is_told_that_it_is_late() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let terms = path(&pair);
    for round in 0..30_u32 {
        let (tag_a, tag_b) = (tag(a, &terms).await, tag(b, &terms).await);
        let (to_a, to_b) = (
            json!({"review_on": format!("2027-01-{:02}", round + 1)}),
            json!({"review_on": format!("2028-01-{:02}", round + 1)}),
        );
        let (one, two) = tokio::join!(
            a.patch_with(&terms, &tag_a, to_a.clone()),
            b.patch_with(&terms, &tag_b, to_b.clone()),
        );
        let about = format!("round {round}: {} and {}", one.text(), two.text());
        let (won, lost, loser): (&Answer, &Answer, &Actor) = match one.status.as_u16() {
            200 => (&one, &two, b),
            _ => (&two, &one, a),
        };
        assert_eq!(won.status, 200, "{about}");
        assert_eq!(lost.problem(412), "precondition-failed", "{about}");
        assert_eq!(lost.header("etag"), tag(loser, &terms).await, "{about}");
        assert_eq!(won.json()["version"], round + 1, "{about}");
        let stands = a.get(&terms).await.expect(200)["review_on"].clone();
        assert_eq!(stands, won.json()["review_on"], "{about}");
    }
}

#[tokio::test]
async fn every_version_is_kept_with_who_wrote_it_and_read_in_pages() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let terms = path(&pair);
    for year in 2027..2032 {
        let by = if year % 2 == 0 { &pair.a } else { &pair.b };
        let review = json!({"review_on": format!("{year}-03-01")});
        by.admin.patch(&terms, review).await.expect(200);
        quid.hand.advance_seconds(60);
    }
    let mut found = Vec::new();
    let mut next = format!("{terms}/history?limit=2");
    let mut sizes = Vec::new();
    loop {
        let answer = pair.a.admin.get(&next).await;
        let link = answer.header("link").to_owned();
        let page = answer.expect(200);
        let data = page["data"].as_array().unwrap().clone();
        sizes.push(data.len());
        found.extend(data);
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert_eq!(link, "");
            break;
        };
        next = format!("{terms}/history?limit=2&cursor={cursor}");
        assert!(link.contains("rel=\"next\""), "{link}");
    }
    assert_eq!(sizes, [2, 2, 1]);
    let expected = [
        (5, "2031-03-01", &pair.b.id, "2026-03-02T09:34:00Z"),
        (4, "2030-03-01", &pair.a.id, "2026-03-02T09:33:00Z"),
        (3, "2029-03-01", &pair.b.id, "2026-03-02T09:32:00Z"),
        (2, "2028-03-01", &pair.a.id, "2026-03-02T09:31:00Z"),
        (1, "2027-03-01", &pair.b.id, "2026-03-02T09:30:00Z"),
    ];
    assert_eq!(found.len(), expected.len());
    for (one, (version, review_on, firm, at)) in found.iter().zip(expected) {
        assert_eq!(one["version"], version);
        assert_eq!(one["review_on"], review_on);
        assert_eq!(one["changed_by_firm_id"], json!(firm));
        assert_eq!(one["changed_at"], at);
    }
    assert_eq!(pair.a.admin.get(&terms).await.expect(200), found[0]);
    // The other reads the same; a stranger nothing.
    let whole = pair
        .b
        .admin
        .get(&format!("{terms}/history"))
        .await
        .expect(200);
    assert_eq!(whole["data"], json!(found));
    let stranger = quid.firm("Elsewhere").await;
    let nothing = stranger.admin.get(&format!("{terms}/history")).await;
    assert_eq!(nothing.problem(404), "not-found");
}

#[tokio::test]
async fn each_party_reads_who_pays_from_its_own_side() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let terms = path(&pair);
    let share = |paid_by: &str| {
        json!({
            "kind": "fee_share", "basis_points": 1500, "amount": null, "paid_by": paid_by,
            "disclosed_to_clients": true, "note": null,
        })
    };
    let wanted = json!({"compensation": share("them")});
    let written = a.patch(&terms, wanted).await.expect(200);
    assert_eq!(written["compensation"], share("them"));
    let seen = b.get(&terms).await.expect(200);
    assert_eq!(seen["compensation"], share("us"));
    assert_ne!(tag(a, &terms).await, tag(b, &terms).await);

    // It is written as a whole: what is wrong with it is told at once, and nothing is written.
    let flat = json!({
        "kind": "flat_fee", "basis_points": 1500, "amount": null, "paid_by": null,
        "disclosed_to_clients": true, "note": null,
    });
    let refused = b.patch(&terms, json!({"compensation": flat})).await;
    assert_eq!(refused.problem(422), "invalid-fields");
    let error = |field: &str, code: &str| (format!("/compensation/{field}"), code.to_owned());
    let expected = [
        error("amount", "needed"),
        error("basis_points", "not_of_kind"),
        error("paid_by", "needed"),
    ];
    assert_eq!(refused.errors(), expected);
    assert_eq!(a.get(&terms).await.expect(200), written);
    let flat = json!({
        "kind": "flat_fee", "basis_points": null, "amount": {"amount_minor": 50_000, "currency": "USD"},
        "paid_by": "us", "disclosed_to_clients": true, "note": null,
    });
    b.patch(&terms, json!({"compensation": flat}))
        .await
        .expect(200);
    let seen = a.get(&terms).await.expect(200);
    assert_eq!(seen["compensation"]["paid_by"], "them");
    assert_eq!(seen["compensation"]["amount"], flat["amount"]);
    // `null` takes it out; what is absent stays.
    a.patch(&terms, json!({"exclusive": false}))
        .await
        .expect(200);
    let cleared = b
        .patch(&terms, json!({"compensation": null}))
        .await
        .expect(200);
    assert_eq!(
        (&cleared["compensation"], &cleared["exclusive"]),
        (&Value::Null, &json!(false))
    );
}

#[tokio::test]
async fn terms_are_no_part_of_the_partnerships_own_version() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let partnership = format!("/v1/partnerships/{}", pair.partnership);
    let before = tag(&pair.b.admin, &partnership).await;
    let exclusive = json!({"exclusive": true});
    pair.a
        .admin
        .patch(&path(&pair), exclusive)
        .await
        .expect(200);
    assert_eq!(tag(&pair.b.admin, &partnership).await, before);
}

#[tokio::test]
async fn a_review_that_is_missing_or_past_is_warned_of_by_the_day_of_the_firm_that_reads() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let terms = path(&pair);
    let far = json!({"time_zone": "Asia/Tokyo"});
    pair.b.admin.patch("/v1/firm", far).await.expect(200);
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    assert_eq!(warnings(a, &terms).await, json!(["review_missing"]));
    // It is Monday, 2 March, for both: 02:30 in Denver, 18:30 in Tokyo.
    let written = a.patch(&terms, json!({"review_on": "2026-03-02"})).await;
    assert_eq!(written.expect(200)["warnings"], json!([]));
    assert_eq!(warnings(b, &terms).await, json!([]));

    // 15:00Z is midnight in Tokyo.
    quid.hand.advance_seconds(5 * 3600 + 1800);
    let (a, b) = (
        signed_in_again(&quid, &pair.a).await.admin,
        signed_in_again(&quid, &pair.b).await.admin,
    );
    assert_eq!(warnings(&a, &terms).await, json!([]));
    assert_eq!(warnings(&b, &terms).await, json!(["review_past"]));
    let history = format!("{terms}/history");
    let past = b.get(&history).await.expect(200);
    assert_eq!(past["data"][0]["warnings"], json!(["review_past"]));

    quid.hand.advance_seconds(24 * 3600);
    let (a, b) = (
        signed_in_again(&quid, &pair.a).await.admin,
        signed_in_again(&quid, &pair.b).await.admin,
    );
    assert_eq!(warnings(&a, &terms).await, json!(["review_past"]));
    let moved = b.patch(&terms, json!({"review_on": "2027-03-02"})).await;
    assert_eq!(moved.expect(200)["warnings"], json!([]));
    assert_eq!(warnings(&a, &terms).await, json!([]));
    let cleared = a.patch(&terms, json!({"review_on": null})).await;
    assert_eq!(cleared.expect(200)["warnings"], json!(["review_missing"]));
}

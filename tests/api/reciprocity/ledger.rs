//! What the two parties read of one history.

use serde_json::{Value, json};

use super::{Partners, introduce, money, verb};
use crate::support::{self, Quid};

/// What A gave and B gave, in several currencies and to several ends.
async fn history(quid: &Quid) -> Partners {
    let partners = Partners::new(quid).await;
    let (a, b) = (&partners.a, &partners.b);
    for (stage, worth) in [
        ("offered", None),
        ("accepted", money(100_000, "USD")),
        ("met", money(50_000, "EUR")),
        ("engaged", money(200_000, "USD")),
        ("engaged", None),
    ] {
        partners.introduce(a, b, stage, worth).await;
        quid.hand.advance_seconds(60);
    }
    partners
        .introduce(b, a, "introduced", money(7, "JPY"))
        .await;
    // What came to nothing has still come so far.
    let lost = partners.introduce(a, b, "meeting_set", None).await;
    verb(&a.admin, &lost, "withdraw").await;
    partners
}

fn stages(side: &Value) -> Vec<i64> {
    let all = side["by_stage"].as_array().unwrap();
    all.iter()
        .map(|one| one["count"].as_i64().unwrap())
        .collect()
}

#[tokio::test]
async fn both_parties_read_the_same_figures_with_opposite_sign() {
    let quid = support::start().await;
    let partners = history(&quid).await;
    let ours = partners.a.admin.get(&partners.report()).await.expect(200);
    let theirs = partners.b.admin.get(&partners.report()).await.expect(200);
    assert_eq!(ours["given"]["introductions"], 6);
    assert_eq!(stages(&ours["given"]), [6, 5, 4, 4, 3, 2]);
    assert_eq!(stages(&ours["received"]), [1, 1, 1, 0, 0, 0]);
    assert_eq!(
        ours["given"]["expected"],
        json!([
            {"currency": "EUR", "amount_minor": 50_000, "introductions": 1},
            {"currency": "USD", "amount_minor": 300_000, "introductions": 2},
        ])
    );
    assert_eq!(
        ours["received"]["expected"],
        json!([{"currency": "JPY", "amount_minor": 7, "introductions": 1}])
    );
    // 5 of 7: (6 - 1) / (6 + 1).
    let balance = ours["balance"].as_f64().unwrap();
    assert!((balance - 5.0 / 7.0).abs() < 1e-12, "{balance}");
    assert_eq!(theirs["balance"].as_f64(), Some(-balance));
    assert_eq!(
        (&ours["verdict"], &theirs["verdict"]),
        (&json!("we_give_more"), &json!("they_give_more"))
    );
    assert_eq!(
        (&ours["whose_turn"], &theirs["whose_turn"]),
        (&json!("them"), &json!("us"))
    );
    for (one, other) in [("given", "received"), ("received", "given")] {
        assert_eq!(stages(&ours[one]), stages(&theirs[other]));
        for values in ["expected", "realised"] {
            assert_eq!(ours[one][values], theirs[other][values]);
        }
    }
    assert_eq!(
        ours["terms"],
        json!({"measure": "introductions", "threshold": 0.5, "minimum": 3, "agreed": false})
    );
    let months = ours["months"].as_array().unwrap();
    let sum: i64 = months
        .iter()
        .map(|month| month["given"]["count"].as_i64().unwrap())
        .sum();
    assert_eq!((months.len(), sum), (13, 6));
    let march = months.last().unwrap();
    assert_eq!(
        (&march["from_on"], &march["to_on"]),
        (&json!("2026-03-01"), &json!("2026-03-03"))
    );
}

#[tokio::test]
async fn the_realised_value_is_told_beside_the_expected_one() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    let path = partners
        .introduce(&partners.a, &partners.b, "met", money(100, "USD"))
        .await;
    let body =
        json!({"stage": "engaged", "realised_value": {"amount_minor": 250, "currency": "EUR"}});
    let stages = format!("{path}/stages");
    partners.b.admin.post(&stages, body).await.expect(200);
    let told = partners.a.admin.get(&partners.report()).await.expect(200);
    assert_eq!(told["given"]["expected"][0]["amount_minor"], 100);
    assert_eq!(
        told["given"]["realised"],
        json!([{"currency": "EUR", "amount_minor": 250, "introductions": 1}])
    );
}

#[tokio::test]
async fn a_report_that_is_taken_back_was_never_reached() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    let path = partners
        .introduce(&partners.a, &partners.b, "engaged", None)
        .await;
    let reached = async || {
        let told = partners.a.admin.get(&partners.report()).await.expect(200);
        stages(&told["given"])
    };
    assert_eq!(reached().await, [1, 1, 1, 1, 1, 1]);
    let slip = json!({"stage": "introduced", "correction_reason": "A slip of the CRM."});
    let correct = format!("{path}/correct");
    partners.b.admin.post(&correct, slip).await.expect(200);
    assert_eq!(reached().await, [1, 1, 1, 0, 0, 0]);
    let nothing = json!({"stage": "not_engaged", "reason": "chose_another"});
    let stages = format!("{path}/stages");
    partners.b.admin.post(&stages, nothing).await.expect(200);
    assert_eq!(reached().await, [1, 1, 1, 0, 0, 0]);
    let slip = json!({"stage": "met", "correction_reason": "She did come."});
    partners.b.admin.post(&correct, slip).await.expect(200);
    assert_eq!(reached().await, [1, 1, 1, 1, 1, 0]);
}

#[tokio::test]
async fn a_draft_shows_nowhere_but_in_the_pipeline_of_whose_it_is() {
    let quid = support::start().await;
    let partners = history(&quid).await;
    let read = async || {
        let mut all = Vec::new();
        for path in [
            partners.report().as_str(),
            "/v1/reciprocity",
            "/v1/reciprocity/entries",
            "/v1/pipeline",
        ] {
            let told = partners.b.admin.get(path).await;
            all.push((told.header("etag").to_owned(), told.text()));
        }
        all
    };
    let before = read().await;
    partners
        .introduce(&partners.a, &partners.b, "draft", money(1, "USD"))
        .await;
    assert_eq!(read().await, before);
    let own = partners.a.admin.get("/v1/pipeline").await.expect(200);
    assert_eq!(own["open"][0]["stage"], "draft");
    assert_eq!(own["open"][0]["count"], 1);
}

#[tokio::test]
async fn a_window_counts_by_the_date_in_utc_for_both() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    // 2026-03-02T23:59:59Z and a second later; in Denver both are on the 2nd.
    quid.hand.advance_seconds(14 * 3600 + 29 * 60 + 59);
    let (a, b) = (
        quid.sign_in(&partners.a.email).await,
        quid.sign_in(&partners.b.email).await,
    );
    let firm = |firm: &support::Firm, admin: &support::Actor| support::Firm {
        admin: admin.clone(),
        ..firm.clone()
    };
    let (a, b) = (firm(&partners.a, &a), firm(&partners.b, &b));
    for _ in 0..2 {
        introduce((&a, &b), &partners.partnership, "offered", None).await;
        quid.hand.advance_seconds(1);
    }
    for (window, expected) in [
        ("from=2026-03-02&to=2026-03-03", 1),
        ("from=2026-03-03&to=2026-03-04", 1),
        ("from=2026-03-02&to=2026-03-04", 2),
        ("from=2026-03-04&to=2026-03-05", 0),
    ] {
        let path = format!("{}?{window}", partners.report());
        let (ours, theirs) = (a.admin.get(&path).await, b.admin.get(&path).await);
        assert_eq!(
            ours.expect(200)["given"]["introductions"],
            expected,
            "{window}"
        );
        assert_eq!(
            theirs.expect(200)["received"]["introductions"],
            expected,
            "{window}"
        );
    }
    for window in [
        "from=2026-03-02&to=2026-03-02",
        "from=1800-01-01",
        "to=2300-01-01",
    ] {
        let refused = a
            .admin
            .get(&format!("{}?{window}", partners.report()))
            .await;
        assert_eq!(refused.problem(400), "malformed-request", "{window}");
    }
}

#[tokio::test]
async fn a_firm_reads_the_sum_over_its_partnerships_and_no_other() {
    let quid = support::start().await;
    let partners = history(&quid).await;
    let (c, d) = tokio::join!(quid.firm("Canyon Law"), quid.firm("Mesa Insurance"));
    let second = quid.partner(&c, &partners.a).await;
    let third = quid.partner(&partners.a, &d).await;
    let elsewhere = quid.partner(&c, &d).await;
    introduce((&c, &partners.a), &second, "accepted", money(5, "USD")).await;
    introduce((&c, &partners.a), &second, "offered", None).await;
    introduce((&c, &d), &elsewhere, "engaged", money(9, "USD")).await;
    let a = &partners.a.admin;
    let told = a.get("/v1/reciprocity").await.expect(200);
    let rows = told["partnerships"].as_array().unwrap();
    let mut ids: Vec<_> = rows
        .iter()
        .map(|row| row["partnership_id"].as_str().unwrap())
        .collect();
    let mut expected = [partners.partnership.as_str(), &second, &third];
    ids.sort_unstable();
    expected.sort_unstable();
    assert_eq!(ids, expected);
    for side in ["given", "received"] {
        let total = &told[side];
        for (place, name) in [
            "introductions",
            "accepted",
            "introduced",
            "meeting_set",
            "met",
            "engaged",
        ]
        .into_iter()
        .enumerate()
        {
            let sum: i64 = rows
                .iter()
                .map(|row| row[side][name].as_i64().unwrap())
                .sum();
            assert_eq!(stages(total)[place], sum, "{side} {name}");
        }
        let mut sums = std::collections::BTreeMap::new();
        for value in rows
            .iter()
            .flat_map(|row| row[side]["expected"].as_array().unwrap())
        {
            *sums.entry(value["currency"].as_str().unwrap()).or_insert(0) +=
                value["amount_minor"].as_i64().unwrap();
        }
        let told: Vec<_> = total["expected"]
            .as_array()
            .unwrap()
            .iter()
            .map(|value| {
                (
                    value["currency"].as_str().unwrap(),
                    value["amount_minor"].as_i64().unwrap(),
                )
            })
            .collect();
        assert_eq!(told, sums.into_iter().collect::<Vec<_>>());
        let by_month: i64 = told_of_months(&a.get("/v1/reciprocity").await.expect(200), side);
        assert_eq!(total["introductions"], by_month);
    }
    // Each row is what the partnership's own report says.
    for row in rows {
        let own = a.get(row["report"].as_str().unwrap()).await.expect(200);
        for name in ["balance", "verdict", "whose_turn", "alert", "terms"] {
            assert_eq!(row[name], own[name], "{name}");
        }
        for side in ["given", "received"] {
            assert_eq!(row[side]["expected"], own[side]["expected"]);
            assert_eq!(row[side]["introductions"], own[side]["introductions"]);
        }
    }
    let stranger = quid.firm("Elsewhere").await;
    let theirs = stranger.admin.get("/v1/reciprocity").await.expect(200);
    assert_eq!(theirs["partnerships"], json!([]));
    assert_eq!(theirs["balance"], Value::Null);
    let refused = stranger.admin.get(&partners.report()).await;
    assert_eq!(refused.problem(404), "not-found");
    let filtered = format!(
        "/v1/reciprocity/entries?partnership_id={}",
        partners.partnership
    );
    let none = stranger.admin.get(&filtered).await.expect(200);
    assert_eq!(none["data"], json!([]));
}

fn told_of_months(told: &Value, side: &str) -> i64 {
    let months = told["months"].as_array().unwrap();
    months
        .iter()
        .map(|month| month[side]["count"].as_i64().unwrap())
        .sum()
}

#[tokio::test]
async fn what_ended_stays_in_the_ledger_and_what_ended_empty_leaves_it() {
    let quid = support::start().await;
    let partners = history(&quid).await;
    let d = quid.firm("Mesa Insurance").await;
    let third = quid.partner(&partners.a, &d).await;
    let a = &partners.a.admin;
    for id in [&partners.partnership, &third] {
        let end = format!("/v1/partnerships/{id}/end");
        a.post(&end, json!({"reason": "So be it."}))
            .await
            .expect(200);
    }
    let told = a.get("/v1/reciprocity").await.expect(200);
    let rows = told["partnerships"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["state"], "ended");
    assert_eq!(rows[0]["given"]["introductions"], 6);
    let own = a.get(&partners.report()).await.expect(200);
    assert_eq!(own["given"]["introductions"], 6);
}

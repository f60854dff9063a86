//! What people received in twelve months, against the firm's limit.

use serde_json::{Value, json};

use super::{a_meal, path_of, record, usd};
use crate::support::{self, Actor, Pair};

async fn limit(admin: &Actor, amount_minor: i64, currency: &str) {
    let limit = json!({"gift_limit": {"amount_minor": amount_minor, "currency": currency}});
    admin.patch("/v1/firm", limit).await.expect(200);
}

/// Something that A paid for, for guests of B by name.
fn a_gift(on: &str, amount_minor: i64, guests: &[&str], more: Value) -> Value {
    let guests: Vec<Value> = guests
        .iter()
        .map(|name| json!({"side": "them", "name": name}))
        .collect();
    let mut body = a_meal(json!({
        "kind": "gift", "happened_on": on, "cost": usd(amount_minor), "paid_by": "us", "guests": guests,
    }));
    for (field, value) in more.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    body
}

/// The totals, each as person, currency and amount, when it was asked that they add up.
async fn totals(by: &Actor, query: &str) -> Vec<(String, String, i64)> {
    let told = by.get(&format!("/v1/gift-totals{query}")).await.expect(200);
    let mut all = Vec::new();
    for total in told["totals"].as_array().unwrap() {
        let amount = |money: &Value| money["amount_minor"].as_i64().unwrap();
        let mut sum = 0;
        for gift in total["gifts"].as_array().unwrap() {
            sum += amount(&gift["share"]);
            assert_eq!(gift["share"]["currency"], total["total"]["currency"]);
            let path = format!(
                "/v1/touchpoints/{}",
                gift["touchpoint_id"].as_str().unwrap()
            );
            let touchpoint = by.get(&path).await.expect(200);
            assert_eq!(touchpoint["happened_on"], gift["happened_on"]);
            assert!(amount(&touchpoint["cost"]) >= amount(&gift["share"]));
        }
        assert_eq!(sum, amount(&total["total"]), "{total}");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        all.push((text(&total["name"]), text(&total["total"]["currency"]), sum));
    }
    all
}

fn total(name: &str, currency: &str, amount: i64) -> (String, String, i64) {
    (name.to_owned(), currency.to_owned(), amount)
}

async fn one(by: &Actor, name: &str, currency: &str) -> Value {
    let told = by.get("/v1/gift-totals").await.expect(200);
    let mut all = told["totals"].as_array().unwrap().iter();
    let found = all.find(|one| one["name"] == name && one["total"]["currency"] == currency);
    found.unwrap_or_else(|| panic!("{told}")).clone()
}

#[tokio::test]
async fn the_total_of_a_person_is_the_sum_of_its_shares() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let dana = b.get("/v1/me").await.expect(200)["id"].clone();
    let ana = a.get("/v1/me").await.expect(200)["id"].clone();
    // 100.00 among three of B's; Ana, who is A's own, receives nothing.
    let dinner = json!({"kind": "meal", "guests": [
        {"side": "us", "member_id": ana}, {"side": "them", "member_id": dana},
        {"side": "them", "name": "Otis"}, {"side": "them", "name": "Pia"},
    ]});
    record(a, &pair, a_gift("2026-03-02", 10_000, &[], dinner)).await;
    // Private ones count, and a name is the same in whichever case.
    record(
        a,
        &pair,
        a_gift(
            "2026-02-01",
            500,
            &["OTIS"],
            json!({"visibility": "private"}),
        ),
    )
    .await;
    // Nobody of B's was there; it is planned, or cancelled; B paid.
    record(a, &pair, a_gift("2026-02-01", 700, &[], Value::Null)).await;
    let planned = json!({"happened_on": null, "planned_on": "2026-03-01"});
    let planned = record(a, &pair, a_gift("2026-03-01", 900, &["Otis"], planned)).await;
    a.patch(&path_of(&planned), json!({"state": "cancelled"}))
        .await
        .expect(200);
    let body = json!({"paid_by": "them", "cost": null});
    record(a, &pair, a_gift("2026-03-01", 0, &["Otis"], body)).await;
    let expected = [
        total("Admin of Hartwell CPAs", "USD", 3_334),
        // Under the name that stands in the last of them.
        total("Otis", "USD", 500 + 3_333),
        total("Pia", "USD", 3_333),
    ];
    let mut told = totals(a, "").await;
    told.sort();
    assert_eq!(told, expected);
    // What B was given is nothing that B gave.
    assert!(totals(b, "").await.is_empty());
    let gone = one(a, "Pia", "USD").await["gifts"][0]["touchpoint_id"].clone();
    a.delete(&format!("/v1/touchpoints/{}", gone.as_str().unwrap()))
        .await;
    let left = totals(a, "").await;
    assert_eq!(left.len(), 1, "{left:?}");
}

#[tokio::test]
async fn who_is_named_as_a_member_is_called_is_that_member() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let a = &pair.a.admin;
    let dana = pair.b.admin.get("/v1/me").await.expect(200)["member"].clone();
    let name = dana["name"].as_str().unwrap();
    let by_id = json!({"guests": [{"side": "them", "member_id": dana["id"]}]});
    record(a, &pair, a_gift("2026-02-01", 10_000, &[], by_id)).await;
    // The last one, which names her alone.
    let lower = name.to_lowercase();
    record(a, &pair, a_gift("2026-03-01", 5_000, &[&lower], json!({}))).await;
    assert_eq!(totals(a, "").await, [total(name, "USD", 15_000)]);
    assert_eq!(one(a, name, "USD").await["member_id"], dana["id"]);
}

#[tokio::test]
async fn twelve_months_end_with_the_date_and_begin_after_it_a_year_before() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let a = &pair.a.admin;
    for (on, amount) in [("2025-03-02", 1), ("2025-03-03", 10), ("2026-03-02", 100)] {
        record(a, &pair, a_gift(on, amount, &["Pia"], Value::Null)).await;
    }
    for (query, sum) in [
        ("", 110),
        ("?as_of_on=2026-03-02", 110),
        ("?as_of_on=2026-03-01", 11),
        ("?as_of_on=2025-03-02", 1),
        ("?as_of_on=2026-03-03", 100),
        ("?as_of_on=2027-03-01", 100),
    ] {
        assert_eq!(
            totals(a, query).await,
            [total("Pia", "USD", sum)],
            "{query}"
        );
    }
    assert!(totals(a, "?as_of_on=2027-03-02").await.is_empty());
    let told = a.get("/v1/gift-totals").await.expect(200);
    assert_eq!(
        (&told["from_on"], &told["as_of_on"]),
        (&json!("2025-03-03"), &json!("2026-03-02"))
    );
    let far = a.get("/v1/gift-totals?as_of_on=9999-01-01").await;
    assert_eq!(far.problem(400), "malformed-request");
}

#[tokio::test]
async fn a_limit_holds_in_its_currency_alone() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let a = &pair.a.admin;
    let euros = json!({"cost": {"amount_minor": 90_000, "currency": "EUR"}});
    record(
        a,
        &pair,
        a_gift("2026-03-01", 15_000, &["Pia"], Value::Null),
    )
    .await;
    let told = one(a, "Pia", "USD").await;
    assert_eq!(
        (&told["limit"], &told["left"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        (&told["is_near"], &told["is_over"]),
        (&json!(false), &json!(false))
    );
    limit(a, 25_000, "USD").await;
    let made = record(a, &pair, a_gift("2026-03-01", 0, &["Pia"], euros)).await;
    assert_eq!(made["warnings"], json!([]));
    let told = one(a, "Pia", "USD").await;
    assert_eq!(
        (&told["limit"], &told["left"]),
        (&usd(25_000), &usd(10_000))
    );
    assert_eq!(
        (&told["is_near"], &told["is_over"]),
        (&json!(false), &json!(false))
    );
    let told = one(a, "Pia", "EUR").await;
    assert_eq!(
        (&told["limit"], &told["is_over"]),
        (&Value::Null, &json!(false))
    );
    // With a limit in the other currency it is the other that passes it.
    limit(a, 80_000, "EUR").await;
    let told = one(a, "Pia", "EUR").await;
    assert_eq!(told["left"], json!({"amount_minor": 0, "currency": "EUR"}));
    assert_eq!(
        (&told["is_near"], &told["is_over"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        a.get(&path_of(&made)).await.expect(200)["warnings"],
        json!(["over_gift_limit"])
    );
    assert_eq!(one(a, "Pia", "USD").await["limit"], Value::Null);
}

/// Writes down what A gives Pia, and gives the warnings.
async fn warned(pair: &Pair, on: &str, amount_minor: i64) -> Value {
    let body = a_gift(on, amount_minor, &["Pia"], Value::Null);
    record(&pair.a.admin, pair, body).await["warnings"].clone()
}

/// The example of the module's documentation.
#[tokio::test]
async fn what_comes_near_the_limit_is_warned_of_before_it_is_passed() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    limit(a, 25_000, "USD").await;
    assert_eq!(warned(&pair, "2025-10-01", 15_000).await, json!([]));
    assert_eq!(warned(&pair, "2026-03-02", 4_999).await, json!([]));
    assert_eq!(
        warned(&pair, "2026-03-02", 1).await,
        json!(["near_gift_limit"])
    );
    // What is planned warns as if it had been held.
    let plan = json!({"happened_on": null, "planned_on": "2026-04-01"});
    let planned = record(a, &pair, a_gift("2026-04-01", 5_001, &["Pia"], plan)).await;
    assert_eq!(planned["warnings"], json!(["over_gift_limit"]));
    let less = json!({"cost": usd(5_000)});
    let changed = a.patch(&path_of(&planned), less).await.expect(200);
    assert_eq!(changed["warnings"], json!(["near_gift_limit"]));
    // It counts towards others once it was held.
    assert_eq!(
        warned(&pair, "2026-03-02", 5_000).await,
        json!(["near_gift_limit"])
    );
    let told = one(a, "Pia", "USD").await;
    assert_eq!(
        (&told["is_near"], &told["is_over"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(told["left"], usd(0));
    assert_eq!(
        a.get(&path_of(&planned)).await.expect(200)["warnings"],
        json!(["over_gift_limit"])
    );
    let cancelled = a
        .patch(&path_of(&planned), json!({"state": "cancelled"}))
        .await
        .expect(200);
    assert_eq!(cancelled["warnings"], json!([]));
    // What is written down later counts in the twelve months in which it was.
    assert_eq!(
        warned(&pair, "2025-09-30", 1).await,
        json!(["over_gift_limit"])
    );
    assert_eq!(warned(&pair, "2024-09-30", 1).await, json!([]));
    // Somebody else is not warned of, and the partner is never.
    let body = a_gift("2026-03-02", 1, &["Otis"], Value::Null);
    let other = record(a, &pair, body).await;
    assert_eq!(other["warnings"], json!([]));
    let page = a
        .get(&format!(
            "/v1/partnerships/{}/touchpoints",
            pair.partnership
        ))
        .await
        .expect(200);
    let page = page["data"].as_array().unwrap().clone();
    let over = page
        .iter()
        .filter(|one| one["warnings"] == json!(["over_gift_limit"]));
    assert!(over.count() > 0);
    for one in &page {
        let own = a.get(&path_of(one)).await;
        assert_eq!(own.json(), *one);
        assert_eq!(
            b.get(&path_of(one)).await.expect(200)["warnings"],
            json!([])
        );
    }
}

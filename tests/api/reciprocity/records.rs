//! Every figure names its records, and they add up to it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Partners, all, introduce, money, verb};
use crate::support::{self, Actor};

/// Every object in a document that names its records under this name.
fn naming<'a>(document: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match document {
        Value::Object(map) => {
            if document[name].is_string() {
                found.push(document);
            }
            map.values().for_each(|inner| naming(inner, name, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| naming(inner, name, found)),
        _ => {}
    }
}

fn sums(entries: &[Value], name: &str) -> Value {
    let mut by_currency: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for value in entries
        .iter()
        .map(|entry| &entry[name])
        .filter(|value| !value.is_null())
    {
        let sum = by_currency
            .entry(value["currency"].as_str().unwrap().to_owned())
            .or_default();
        sum.0 += value["amount_minor"].as_i64().unwrap();
        sum.1 += 1;
    }
    let told = by_currency.into_iter().map(|(currency, (amount_minor, introductions))| {
        json!({"currency": currency, "amount_minor": amount_minor, "introductions": introductions})
    });
    told.collect()
}

/// Fetches the records of every figure of a report and adds them up; gives how many figures there were.
async fn add_up(by: &Actor, report: &Value) -> usize {
    let mut figures = Vec::new();
    naming(report, "records", &mut figures);
    for figure in &figures {
        let records = figure["records"].as_str().unwrap();
        let fetched = all(by, records).await;
        let count = i64::try_from(fetched.len()).unwrap();
        let counts = ["count", "introductions", "reached", "offered"];
        let told = counts.iter().find_map(|name| figure[name].as_i64());
        assert_eq!(told, Some(count), "{records} in {figure}");
        for (told, kept) in [
            ("expected", "expected_value"),
            ("realised", "realised_value"),
        ] {
            if figure[told].is_array() {
                assert_eq!(figure[told], sums(&fetched, kept), "{records}");
            }
        }
        if let Some(answered) = figure.get("answered") {
            let mut seconds: Vec<i64> = fetched
                .iter()
                .filter_map(|entry| entry["first_answer_seconds"].as_i64())
                .collect();
            seconds.sort_unstable();
            assert_eq!(answered.as_u64(), u64::try_from(seconds.len()).ok());
            let middle = seconds.len().checked_sub(1).map(|last| seconds[last / 2]);
            assert_eq!(figure["median_seconds"].as_i64(), middle, "{records}");
        }
    }
    let mut converted = Vec::new();
    naming(report, "converted_records", &mut converted);
    for step in &converted {
        let fetched = all(by, step["converted_records"].as_str().unwrap()).await;
        assert_eq!(
            step["converted"].as_u64(),
            u64::try_from(fetched.len()).ok()
        );
        let date = |entry: &Value, stage: &Value| match stage.as_str().unwrap() {
            "offered" => entry["offered_at"].as_str().map(|at| at[..10].to_owned()),
            stage => entry[format!("{stage}_on")].as_str().map(str::to_owned),
        };
        let both = fetched.iter().filter(|entry| {
            date(entry, &step["from"]).is_some() && date(entry, &step["to"]).is_some()
        });
        assert_eq!(
            step["timed"].as_u64(),
            u64::try_from(both.count()).ok(),
            "{step}"
        );
    }
    figures.len() + converted.len()
}

#[tokio::test]
async fn the_records_of_every_figure_add_up_to_it() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    let (a, b) = (&partners.a, &partners.b);
    let c = quid.firm("Canyon Law").await;
    let second = quid.partner(&c, a).await;
    for (place, stage) in [
        "offered",
        "accepted",
        "introduced",
        "met",
        "engaged",
        "engaged",
        "draft",
    ]
    .into_iter()
    .enumerate()
    {
        quid.hand.advance_seconds(40);
        let worth = money(
            1000 + i64::try_from(place).unwrap(),
            if place % 2 == 0 { "USD" } else { "EUR" },
        );
        partners.introduce(a, b, stage, worth).await;
    }
    partners.introduce(b, a, "meeting_set", None).await;
    introduce((&c, a), &second, "accepted", money(5, "USD")).await;
    for _ in 0..3 {
        let declined = partners.introduce(a, b, "offered", money(9, "JPY")).await;
        quid.hand.advance_seconds(75);
        verb(&b.admin, &declined, "decline").await;
    }
    let given = format!("/v1/partnerships/{}/contributions", partners.partnership);
    for kind in ["advice", "advice", "content"] {
        let body = json!({"kind": kind, "words": "On trusts.", "happened_on": "2026-02-20"});
        let made = a.admin.post(&given, body).await.expect(201);
        let path = format!("/v1/contributions/{}", made["id"].as_str().unwrap());
        if kind == "advice" {
            b.admin
                .post(&format!("{path}/confirm"), Value::Null)
                .await
                .expect(200);
        }
    }
    let step = json!({"owner": "us", "kind": "internal", "title": "Send the letter", "due_on": "2026-02-01"});
    let steps = format!("/v1/partnerships/{}/action-steps", partners.partnership);
    a.admin.post(&steps, step).await.expect(201);
    let reports = [
        (partners.report(), 30),
        ("/v1/reciprocity".to_owned(), 40),
        ("/v1/pipeline".to_owned(), 30),
        (
            format!(
                "/v1/pipeline?partnership_id={}&direction=given",
                partners.partnership
            ),
            10,
        ),
    ];
    for firm in [a, b, &c] {
        for (path, least) in &reports {
            if std::ptr::eq(firm, &c) && path.contains(&partners.partnership) {
                continue;
            }
            let report = firm.admin.get(path).await.expect(200);
            let figures = add_up(&firm.admin, &report).await;
            let enough = !std::ptr::eq(firm, a) || figures >= *least;
            assert!(enough, "{path} has {figures} figures alone");
        }
    }
    // The diagnosis names the declines and the step.
    let report = a.admin.get(&partners.report()).await.expect(200);
    let causes = report["diagnosis"]["causes"].as_array().unwrap();
    let finding = |part: &str, rule: &str| {
        let cause = causes.iter().find(|one| one["part"] == part).unwrap();
        let findings = cause["findings"].as_array().unwrap();
        findings.iter().find(|one| one["rule"] == rule).unwrap()
    };
    assert_eq!(finding("ideal_client", "not_a_fit")["count"], 3);
    let late = finding("action_steps", "overdue");
    assert_eq!(late["rule"], "overdue");
    assert_eq!(late["count"], 1);
    for id in late["action_step_ids"].as_array().unwrap() {
        let step = format!("/v1/action-steps/{}", id.as_str().unwrap());
        let step = a.admin.get(&step).await.expect(200);
        assert_eq!(
            (&step["state"], &step["due_on"]),
            (&json!("planned"), &json!("2026-02-01"))
        );
    }
    assert_eq!(late["action_step_ids"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_entry_tells_nobody_who_the_client_is() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    partners
        .introduce(&partners.a, &partners.b, "met", None)
        .await;
    for firm in [&partners.a, &partners.b] {
        let page = firm.admin.get("/v1/reciprocity/entries").await;
        let text = page.text();
        assert_eq!(page.expect(200)["data"].as_array().unwrap().len(), 1);
        assert!(
            !text.contains("Greene") && !text.contains("client"),
            "{text}"
        );
    }
    let client = quid.db.connect().await;
    let query = "SELECT count(*) FROM disclosures d JOIN members m ON m.id = d.principal_id WHERE m.email = $1";
    let before: i64 = client
        .query_one(query, &[&partners.b.email])
        .await
        .unwrap()
        .get(0);
    for path in ["/v1/reciprocity/entries", "/v1/reciprocity", "/v1/pipeline"] {
        partners.b.admin.get(path).await.expect(200);
    }
    let after: i64 = client
        .query_one(query, &[&partners.b.email])
        .await
        .unwrap()
        .get(0);
    assert_eq!(before, after, "a report makes nobody known");
}

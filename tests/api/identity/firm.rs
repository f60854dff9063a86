//! A firm's settings.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use crate::support;

const FIRM: &str = "/v1/firm";

#[tokio::test]
async fn an_admin_changes_the_settings_and_clears_them() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let before = firm.admin.get(FIRM).await.expect(200);
    assert_eq!(before["retention_months"], Value::Null);
    assert_eq!(before["gift_limit"], Value::Null);
    let limit = json!({"amount_minor": 10_000, "currency": "USD"});
    let all = json!({
        "name": "Red Mesa", "time_zone": "Europe/Vienna", "country": "AT",
        "retention_months": 84, "gift_limit": limit,
    });
    let changed = firm.admin.patch(FIRM, all.clone()).await.expect(200);
    for (name, value) in all.as_object().unwrap() {
        assert_eq!(&changed[name], value, "{name}");
    }
    assert_eq!(changed["version"], json!(2));
    assert_eq!(firm.admin.get(FIRM).await.expect(200), changed);

    let clear = json!({"country": null, "retention_months": null, "gift_limit": null});
    let cleared = firm.admin.patch(FIRM, clear.clone()).await.expect(200);
    for name in clear.as_object().unwrap().keys() {
        assert_eq!(cleared[name], Value::Null, "{name}");
    }
    assert_eq!(cleared["name"], "Red Mesa");
    // What changes nothing makes no version.
    let same = firm.admin.patch(FIRM, clear).await.expect(200);
    assert_eq!(same["version"], json!(3));
}

#[tokio::test]
async fn settings_are_changed_by_whoever_has_read_them_last() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let body = json!({"retention_months": 84});
    let unread = firm
        .admin
        .send(
            reqwest::Method::PATCH,
            FIRM,
            &[],
            Some(body.to_string().into()),
        )
        .await;
    assert_eq!(unread.problem(428), "precondition-required");
    let tag = firm.admin.get(FIRM).await.header("etag").to_owned();
    firm.admin
        .patch_with(FIRM, &tag, body.clone())
        .await
        .expect(200);
    let late = json!({"retention_months": 12});
    let late = firm.admin.patch_with(FIRM, &tag, late).await;
    assert_eq!(late.problem(412), "precondition-failed");
    let now = firm.admin.get(FIRM).await;
    assert_eq!(late.header("etag"), now.header("etag"));
    assert_eq!(now.expect(200)["retention_months"], json!(84));
}

#[tokio::test]
async fn only_an_admin_changes_them_and_only_to_what_can_be() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    for role in [Role::Advisor, Role::Assistant, Role::Compliance] {
        let member = quid.member(&firm, role).await;
        let refused = member.patch(FIRM, json!({"name": "Mine"})).await;
        assert_eq!(refused.problem(403), "forbidden");
    }
    let odd = json!({
        "name": null, "time_zone": "Mars/Olympus", "retention_months": 0,
        "gift_limit": {"amount_minor": -1, "currency": "USD"},
    });
    let mut fields: Vec<_> = firm.admin.patch(FIRM, odd).await.errors();
    fields.sort();
    let pointers: Vec<_> = fields.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/gift_limit/amount_minor",
            "/name",
            "/retention_months",
            "/time_zone"
        ]
    );
}

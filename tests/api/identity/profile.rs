//! One's own profile.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use crate::support;

const ME: &str = "/v1/me";

#[tokio::test]
async fn everyone_changes_their_own_profile_whatever_the_role_and_clears_it() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    for role in [
        Role::Admin,
        Role::Advisor,
        Role::Assistant,
        Role::Compliance,
    ] {
        let member = quid.member(&firm, role).await;
        let before = member.get(ME).await.expect(200);
        for name in ["phone", "time_zone", "locale"] {
            assert_eq!(before["member"][name], Value::Null, "{name}");
        }
        let all = json!({
            "name": "Ana Ruiz", "phone": "(303) 555-0147", "time_zone": "Europe/Vienna", "locale": "de-at",
        });
        let changed = member.patch(ME, all).await.expect(200);
        assert_eq!(changed["member"]["name"], "Ana Ruiz");
        // Read as one dials it in the firm's country.
        assert_eq!(changed["member"]["phone"], "+13035550147");
        assert_eq!(changed["member"]["time_zone"], "Europe/Vienna");
        assert_eq!(changed["member"]["locale"], "de-AT");
        assert_eq!(changed["member"]["version"], json!(2));
        assert_eq!(changed["role"], role.as_str());
        assert_eq!(member.get(ME).await.expect(200), changed);
        let path = format!("/v1/members/{}", changed["id"].as_str().unwrap());
        let seen = firm.admin.get(&path).await.expect(200);
        assert_eq!(seen, changed["member"]);

        let clear = json!({"phone": null, "time_zone": null, "locale": null});
        let cleared = member.patch(ME, clear.clone()).await.expect(200);
        for name in ["phone", "time_zone", "locale"] {
            assert_eq!(cleared["member"][name], Value::Null, "{name}");
        }
        assert_eq!(cleared["member"]["name"], "Ana Ruiz");
        // What changes nothing makes no version.
        let same = member.patch(ME, clear).await.expect(200);
        assert_eq!(same["member"]["version"], json!(3));
    }
}

#[tokio::test]
async fn a_profile_is_changed_on_the_device_that_has_read_it_last() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let body = json!({"name": "Ana Ruiz"});
    let bytes = Some(body.to_string().into_bytes());
    let unread = firm
        .admin
        .send(reqwest::Method::PATCH, ME, &[], bytes)
        .await;
    assert_eq!(unread.problem(428), "precondition-required");
    let tag = firm.admin.get(ME).await.header("etag").to_owned();
    firm.admin.patch_with(ME, &tag, body).await.expect(200);
    let late = json!({"name": "Ana Maria Ruiz"});
    let late = firm.admin.patch_with(ME, &tag, late).await;
    assert_eq!(late.problem(412), "precondition-failed");
    let now = firm.admin.get(ME).await;
    assert_eq!(late.header("etag"), now.header("etag"));
    assert_eq!(now.expect(200)["member"]["name"], "Ana Ruiz");
}

#[tokio::test]
async fn what_can_not_be_is_named_field_by_field() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let odd =
        json!({"name": null, "time_zone": "Mars/Olympus", "locale": "en_US", "role": "advisor"});
    let refused = firm.admin.patch(ME, odd).await;
    let pointers: Vec<_> = refused
        .errors()
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
    assert_eq!(pointers, ["/locale", "/name", "/role", "/time_zone"]);
    for number in ["call me", "12", "3-(902)296-6183"] {
        let refused = firm.admin.patch(ME, json!({"phone": number})).await;
        let expected = ("/phone".to_owned(), "phone".to_owned());
        assert_eq!(refused.errors(), [expected], "{number}");
        assert_eq!(refused.problem(422), "invalid-fields");
    }
}

#[tokio::test]
async fn nobody_changes_the_profile_of_another() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let member = quid.member(&firm, Role::Advisor).await;
    let id = member.get(ME).await.expect(200)["id"].clone();
    let path = format!("/v1/members/{}", id.as_str().unwrap());
    for field in ["name", "phone", "time_zone", "locale"] {
        let refused = firm.admin.patch(&path, json!({field: "Anna"})).await;
        let expected = (format!("/{field}"), "unknown".to_owned());
        assert_eq!(refused.errors(), [expected]);
    }
    let machine = quid.api_client(&firm, &["firm:read", "firm:write"]).await;
    let refused = machine.patch(ME, json!({"name": "A machine"})).await;
    assert_eq!(refused.problem(403), "forbidden");
}

#[tokio::test]
async fn a_partner_sees_the_new_name_and_no_number() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let mine = json!({"name": "Ana Maria Ruiz", "phone": "+1 303 555 0147"});
    pair.a.admin.patch(ME, mine).await.expect(200);
    let path = format!("/v1/partnerships/{}", pair.partnership);
    let seen = pair.b.admin.get(&path).await;
    assert!(seen.text().contains("Ana Maria Ruiz"), "{}", seen.text());
    assert!(!seen.text().contains("5550147"), "{}", seen.text());
}

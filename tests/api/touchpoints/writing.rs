//! Who writes touchpoints, and what stands in them.

use quid::platform::auth::Role;
use quid::platform::db::{Db, Limits};
use quid::touchpoints;
use serde_json::{Value, json};

use super::{a_meal, feed, path_of, record, touchpoints as list_of, usd};
use crate::support::{self, Quid};

#[tokio::test]
async fn both_read_what_is_shared_each_from_its_own_side() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let dana = b.get("/v1/me").await.expect(200)["id"].clone();
    let more = json!({
        "place": "The Grange", "note": "We spoke of our children.", "cost": usd(8_400), "paid_by": "us",
        "guests": [{"side": "them", "member_id": dana}, {"side": "us", "name": "Ana Ruiz"}],
    });
    let made = record(a, &pair, a_meal(more)).await;
    assert_eq!(
        (&made["author"], &made["state"]),
        (&json!("us"), &json!("held"))
    );
    assert_eq!(made["guests"][0]["name"], "Admin of Hartwell CPAs");
    let seen = b.get(&path_of(&made)).await.expect(200);
    assert_eq!(
        (&seen["author"], &seen["paid_by"]),
        (&json!("them"), &json!("them"))
    );
    assert_eq!(seen["cost"], usd(8_400));
    assert_eq!(seen["partner_firm_id"], json!(pair.a.id));
    let sides: Vec<&Value> = seen["guests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["side"])
        .collect();
    assert_eq!(sides, [&json!("us"), &json!("them")]);
    let changed = b.patch(&path_of(&made), json!({"note": "Mine."})).await;
    assert_eq!(changed.problem(403), "forbidden");
    assert_eq!(b.delete(&path_of(&made)).await.problem(403), "forbidden");
    let changed = a
        .patch(&path_of(&made), json!({"note": null, "guests": []}))
        .await
        .expect(200);
    assert_eq!(
        (&changed["note"], &changed["guests"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(changed["version"], 2);
    let same = a
        .patch(&path_of(&made), json!({"note": null}))
        .await
        .expect(200);
    assert_eq!(same["version"], 2);
    assert_eq!(a.delete(&path_of(&made)).await.status, 204);
    assert_eq!(b.get(&path_of(&made)).await.problem(404), "not-found");
    let told = ["created 1", "updated 2", "deleted 3"];
    assert_eq!(feed(&quid, &pair.a.id).await, told);
    assert_eq!(feed(&quid, &pair.b.id).await, told);
}

#[tokio::test]
async fn what_is_planned_is_held_or_cancelled_and_then_stays_so() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let a = &pair.a.admin;
    let plan = json!({"kind": "coffee", "planned_on": "2026-03-02", "visibility": "shared"});
    let one = record(a, &pair, plan.clone()).await;
    assert_eq!(
        (&one["state"], &one["happened_on"]),
        (&json!("planned"), &Value::Null)
    );
    let held = a
        .patch(&path_of(&one), json!({"state": "held"}))
        .await
        .expect(200);
    assert_eq!(
        (&held["state"], &held["happened_on"]),
        (&json!("held"), &json!("2026-03-02"))
    );
    assert_eq!(held["planned_on"], "2026-03-02");
    let other = record(a, &pair, plan.clone()).await;
    let held = a
        .patch(&path_of(&other), json!({"happened_on": "2026-03-01"}))
        .await
        .expect(200);
    assert_eq!(
        (&held["state"], &held["happened_on"]),
        (&json!("held"), &json!("2026-03-01"))
    );
    let third = record(a, &pair, plan).await;
    a.patch(&path_of(&third), json!({"state": "cancelled"}))
        .await
        .expect(200);
    for (touchpoint, to, state) in [
        (&one, "cancelled", "held"),
        (&third, "held", "cancelled"),
        (&one, "planned", "held"),
    ] {
        let refused = a.patch(&path_of(touchpoint), json!({"state": to})).await;
        assert_eq!(refused.problem(409), "state-forbids");
        assert_eq!(refused.json()["state"], state);
        assert_eq!(refused.json()["allowed"], json!(["delete"]));
    }
    // What is to come can't have been.
    let later = json!({"kind": "coffee", "planned_on": "2026-03-20", "visibility": "shared"});
    let later = record(a, &pair, later).await;
    let refused = a.patch(&path_of(&later), json!({"state": "held"})).await;
    assert_eq!(
        refused.errors(),
        [("/happened_on".to_owned(), "in_the_future".to_owned())]
    );
}

#[tokio::test]
async fn what_does_not_go_together_is_named_all_at_once() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, stranger) = (&pair.a.admin, quid.firm("Elsewhere").await);
    let me = a.get("/v1/me").await.expect(200)["id"].clone();
    let strange = stranger.admin.get("/v1/me").await.expect(200)["id"].clone();
    let gone = quid.member(&pair.a, Role::Assistant).await;
    let gone = gone.get("/v1/me").await.expect(200)["id"].clone();
    let leave = format!("/v1/members/{}/deactivate", gone.as_str().unwrap());
    a.post(&leave, Value::Null).await.expect(200);
    let more = json!({
        "happened_on": "2026-03-03", "cost": usd(1), "paid_by": "them",
        "guests": [
            {"side": "them", "member_id": me}, {"side": "us", "member_id": strange}, {"side": "us", "member_id": gone},
            {"side": "us"}, {"side": "us", "member_id": me}, {"side": "us", "member_id": me},
        ],
    });
    let refused = a.post(&list_of(&pair), a_meal(more)).await;
    assert_eq!(refused.problem(422), "invalid-fields");
    let expected = [
        ("/cost", "not_yours"),
        ("/guests/0/member_id", "unknown"),
        ("/guests/1/member_id", "unknown"),
        ("/guests/2/member_id", "unknown"),
        ("/guests/3", "one_of"),
        ("/guests/5", "twice"),
        ("/happened_on", "in_the_future"),
    ];
    assert_eq!(
        refused.errors(),
        expected.map(|(at, what)| (at.to_owned(), what.to_owned()))
    );
    let undated = json!({"kind": "meal", "visibility": "shared"});
    let refused = a.post(&list_of(&pair), undated).await;
    assert_eq!(
        refused.errors(),
        [("/planned_on".to_owned(), "needed".to_owned())]
    );
    let unpaid = a
        .post(&list_of(&pair), a_meal(json!({"cost": usd(1)})))
        .await;
    assert_eq!(
        unpaid.errors(),
        [("/paid_by".to_owned(), "needed".to_owned())]
    );
    for path in [list_of(&pair), format!("{}?kind=meal", list_of(&pair))] {
        assert_eq!(stranger.admin.get(&path).await.problem(404), "not-found");
    }
    let made = record(a, &pair, a_meal(Value::Null)).await;
    assert_eq!(
        stranger.admin.get(&path_of(&made)).await.problem(404),
        "not-found"
    );
}

#[tokio::test]
async fn a_guest_who_has_left_stays_and_two_who_edit_do_not_undo_each_others_work() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let a = &pair.a.admin;
    let member = quid.member(&pair.a, Role::Assistant).await;
    let id = member.get("/v1/me").await.expect(200)["id"].clone();
    let guests = json!([{"side": "us", "member_id": id}]);
    let made = record(a, &pair, a_meal(json!({"guests": guests}))).await;
    let leave = format!("/v1/members/{}/deactivate", id.as_str().unwrap());
    a.post(&leave, Value::Null).await.expect(200);
    let path = path_of(&made);
    let tag = a.get(&path).await.header("etag").to_owned();
    let more = json!([{"side": "us", "member_id": id}, {"side": "them", "name": "Pia"}]);
    let changed = a
        .patch_with(&path, &tag, json!({"guests": more}))
        .await
        .expect(200);
    assert_eq!(changed["guests"][1]["name"], "Pia");
    let stale = a.patch_with(&path, &tag, json!({"note": "Late."})).await;
    assert_eq!(stale.problem(412), "precondition-failed");
}

#[tokio::test]
async fn a_list_leaves_what_its_filters_say() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    record(a, &pair, a_meal(json!({"happened_on": "2026-01-10"}))).await;
    record(
        a,
        &pair,
        a_meal(json!({"kind": "gift", "visibility": "private"})),
    )
    .await;
    record(
        b,
        &pair,
        json!({"kind": "event", "planned_on": "2026-04-01", "visibility": "shared"}),
    )
    .await;
    for (filter, of_a, of_b) in [
        ("", 3, 2),
        ("?kind=gift", 1, 0),
        ("?visibility=private", 1, 0),
        ("?visibility=shared", 2, 2),
        ("?state=planned", 1, 1),
        ("?from=2026-03-02", 2, 1),
        ("?to=2026-03-02", 1, 1),
        ("?from=2026-01-10&to=2026-01-11&kind=meal", 1, 1),
    ] {
        for (admin, expected) in [(a, of_a), (b, of_b)] {
            let page = admin
                .get(&format!("{}{filter}", list_of(&pair)))
                .await
                .expect(200);
            assert_eq!(page["data"].as_array().unwrap().len(), expected, "{filter}");
        }
    }
}

#[tokio::test]
async fn an_ended_partnership_keeps_its_touchpoints_to_be_read() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let path = path_of(&record(a, &pair, a_meal(Value::Null)).await);
    let end = format!("/v1/partnerships/{}/end", pair.partnership);
    b.post(&end, json!({"reason": "So be it."}))
        .await
        .expect(200);
    b.get(&path).await.expect(200);
    let late = a.post(&list_of(&pair), a_meal(Value::Null)).await;
    assert_eq!(late.problem(409), "state-forbids");
    assert_eq!(a.delete(&path).await.problem(409), "state-forbids");
    let changed = a.patch(&path, json!({"note": "Late."})).await;
    assert_eq!(changed.problem(409), "state-forbids");
}

/// As other features ask.
async fn last_shared_meal(quid: &Quid, partnership: &str, firm: &str) -> Option<String> {
    let limits = Limits {
        pool: 1,
        readers: 1,
        patience: std::time::Duration::from_secs(10),
    };
    let pool = Db::pool(&quid.db.target(), limits).unwrap();
    let db = Db::new(pool, quid.db.target(), limits);
    let (partnership, firm) = (partnership.parse().unwrap(), firm.parse().unwrap());
    let last = db
        .read(async |conn| touchpoints::last_shared_meal(conn, partnership, firm).await)
        .await;
    last.unwrap().map(|on| on.to_string())
}

#[tokio::test]
async fn the_last_shared_meal_is_one_that_both_see() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let last = async |firm: &str| last_shared_meal(&quid, &pair.partnership, firm).await;
    assert_eq!(last(&pair.a.id).await, None);
    record(a, &pair, a_meal(json!({"happened_on": "2026-01-10"}))).await;
    record(
        b,
        &pair,
        a_meal(json!({"kind": "coffee", "happened_on": "2026-02-10"})),
    )
    .await;
    record(a, &pair, a_meal(json!({"visibility": "private"}))).await;
    record(a, &pair, a_meal(json!({"kind": "gift"}))).await;
    record(
        a,
        &pair,
        json!({"kind": "meal", "planned_on": "2026-03-01", "visibility": "shared"}),
    )
    .await;
    for firm in [&pair.a.id, &pair.b.id] {
        assert_eq!(last(firm).await.as_deref(), Some("2026-02-10"));
    }
    let stranger = quid.firm("Elsewhere").await;
    assert_eq!(last(&stranger.id).await, None);
}

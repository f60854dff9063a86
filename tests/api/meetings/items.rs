//! Agenda items: brought up by either party, put off, carried over and resolved.

use serde_json::{Value, json};

use super::{DAY, address, feed, hold, partners, pass, text};
use crate::support::{self, Actor, Firm};

fn path(item: &Value) -> String {
    format!("/v1/agenda-items/{}", text(item, "id"))
}

async fn resolve(by: &Actor, item: &Value, body: Value) -> Value {
    by.post(&format!("{}/resolve", path(item)), body)
        .await
        .expect(200)
}

async fn kinds(by: &Firm, meeting: &Value) -> Value {
    let agenda = by
        .admin
        .get(&format!("{}/agenda", address(meeting)))
        .await
        .expect(200);
    let of = |list: &Value| -> Vec<Value> {
        let entries = list.as_array().unwrap().iter();
        entries
            .map(|entry| json!([entry["words"], entry["kind"]]))
            .collect()
    };
    let sections = agenda["sections"].as_array().unwrap().iter();
    let items = sections.flat_map(|section| of(&section["entries"]));
    let items: Vec<_> = items
        .filter(|entry| entry[1].as_str().unwrap().starts_with("item"))
        .collect();
    json!({"sections": items, "other": of(&agenda["other_items"]), "parked": of(&agenda["parking_lot"])})
}

#[tokio::test]
async fn what_is_open_when_its_meeting_is_held_goes_to_the_next_and_keeps_where_it_first_stood() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let planned = pair.planned().await;
    let named =
        json!({"title": "The seminar", "topic": "service_models", "meeting_id": planned[0]["id"]});
    let named = pair.item(&pair.a, named).await;
    let loose = pair
        .item(
            &pair.b,
            json!({"title": "A new colleague", "topic": "team"}),
        )
        .await;
    let parked = pair
        .item(&pair.a, json!({"title": "A joint office", "parked": true}))
        .await;
    let settled = pair
        .item(&pair.b, json!({"title": "Who calls first"}))
        .await;
    let later = json!({"title": "The audit", "meeting_id": planned[2]["id"]});
    let later = pair.item(&pair.b, later).await;
    resolve(
        &pair.a.admin,
        &settled,
        json!({"meeting_id": planned[0]["id"]}),
    )
    .await;

    let seen = kinds(&pair.b, &planned[0]).await;
    assert_eq!(
        seen["sections"],
        json!([["The seminar", "item"], ["A new colleague", "item"]])
    );
    assert_eq!(seen["parked"], json!([["A joint office", "item"]]));
    assert_eq!(kinds(&pair.b, &planned[1]).await["sections"], json!([]));
    assert_eq!(
        kinds(&pair.b, &planned[2]).await["other"],
        json!([["The audit", "item"]])
    );

    pass(&quid, &mut pair, DAY + 8 * 3600).await;
    hold(&quid, &pair.a.admin, &planned[0]).await;
    let read = async |item: &Value| pair.a.admin.get(&path(item)).await.expect(200);
    for item in [&named, &loose] {
        let item = read(item).await;
        assert_eq!(item["meeting_id"], planned[1]["id"]);
        assert_eq!(item["carried_from_id"], planned[0]["id"]);
    }
    for (item, stands_on) in [(&parked, &Value::Null), (&later, &planned[2]["id"])] {
        let item = read(item).await;
        assert_eq!(
            (&item["meeting_id"], &item["carried_from_id"]),
            (stands_on, &Value::Null)
        );
    }
    assert_eq!(read(&settled).await["carried_from_id"], Value::Null);
    let seen = kinds(&pair.b, &planned[1]).await["sections"].clone();
    let carried = json!([
        ["The seminar", "item_carried_over"],
        ["A new colleague", "item_carried_over"]
    ]);
    assert_eq!(seen, carried);

    // Carried over again, it still keeps where it first stood; and what is skipped carries over too.
    let reason = json!({"reason": "A holiday."});
    let skip = format!("{}/skip", address(&planned[1]));
    pair.b.admin.post(&skip, reason).await.expect(200);
    let item = read(&named).await;
    assert_eq!(
        (&item["meeting_id"], &item["carried_from_id"]),
        (&planned[2]["id"], &planned[0]["id"])
    );
    let told = feed(&quid, &pair.b, "agenda_item").await;
    let of_this = told.iter().filter(|(.., id)| id == text(&named, "id"));
    let of_this: Vec<_> = of_this
        .map(|(action, version, _)| (action.as_str(), *version))
        .collect();
    assert_eq!(of_this, [("created", 1), ("updated", 2), ("updated", 3)]);
}

#[tokio::test]
async fn what_stands_on_a_meeting_of_which_nobody_said_anything_is_on_the_next_agenda() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let planned = pair.planned().await;
    let named = json!({"title": "The seminar", "topic": "team", "meeting_id": planned[0]["id"]});
    let named = pair.item(&pair.a, named).await;
    assert_eq!(kinds(&pair.b, &planned[1]).await["sections"], json!([]));
    // The day after the first one, which nobody has recorded.
    pass(&quid, &mut pair, 2 * DAY).await;
    assert_eq!(
        kinds(&pair.b, &planned[1]).await["sections"],
        json!([["The seminar", "item_carried_over"]])
    );
    let agenda = format!("{}/agenda", address(&planned[1]));
    let agenda = pair.a.admin.get(&agenda).await.expect(200);
    let entries = agenda["sections"].as_array().unwrap().iter();
    let mut entries = entries.flat_map(|section| section["entries"].as_array().unwrap().clone());
    let entry = entries
        .find(|entry| entry["record_id"] == named["id"])
        .unwrap();
    assert_eq!(entry["carried_from_id"], planned[0]["id"]);
    // Of the one after that it is nothing yet.
    assert_eq!(kinds(&pair.b, &planned[2]).await["sections"], json!([]));
}

#[tokio::test]
async fn who_names_no_meeting_means_the_one_just_held_and_none_that_was_left_out() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let planned = pair.planned().await;
    let [first, second, third] =
        ["One", "Two", "Three"].map(|title| json!({"title": title, "topic": "team"}));
    let (first, second) = (
        pair.item(&pair.a, first).await,
        pair.item(&pair.a, second).await,
    );
    // Before the two have spoken it is the next conversation.
    let early = resolve(&pair.b.admin, &first, json!({})).await;
    assert_eq!(early["resolved_in_id"], planned[0]["id"]);
    pass(&quid, &mut pair, DAY + 8 * 3600).await;
    hold(&quid, &pair.a.admin, &planned[0]).await;
    // It was carried over by then, and is settled in the one just held all the same.
    let settled = resolve(&pair.b.admin, &second, json!({})).await;
    assert_eq!(settled["resolved_in_id"], planned[0]["id"]);
    let meeting = pair.a.admin.get(&address(&planned[0])).await.expect(200);
    assert_eq!(meeting["covered"], json!(["team"]));

    let third = pair.item(&pair.a, third).await;
    let skip = format!("{}/skip", address(&planned[1]));
    let reason = json!({"reason": "A holiday."});
    pair.b.admin.post(&skip, reason).await.expect(200);
    let body = json!({"meeting_id": planned[1]["id"]});
    let refused = pair
        .a
        .admin
        .post(&format!("{}/resolve", path(&third)), body)
        .await;
    assert_eq!(refused.problem(422), "invalid-fields");
    assert_eq!(refused.json()["errors"][0]["code"], "not_of_state");
}

#[tokio::test]
async fn skipping_a_later_meeting_takes_nothing_from_the_next() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let planned = pair.planned().await;
    let loose = pair
        .item(&pair.b, json!({"title": "A new colleague"}))
        .await;
    let skip = format!("{}/skip", address(&planned[3]));
    pair.a
        .admin
        .post(&skip, json!({"reason": "A holiday."}))
        .await
        .expect(200);
    let item = pair.b.admin.get(&path(&loose)).await.expect(200);
    assert_eq!(
        (&item["meeting_id"], &item["version"]),
        (&Value::Null, &json!(1))
    );
}

#[tokio::test]
async fn an_item_is_resolved_once_and_covers_its_element_in_the_meeting() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let planned = pair.planned().await;
    let item = pair
        .item(
            &pair.a,
            json!({"title": "A new colleague", "topic": "team"}),
        )
        .await;
    pass(&quid, &mut pair, DAY + 8 * 3600).await;
    let held = hold(&quid, &pair.b.admin, &planned[0]).await;
    assert_eq!(held["coverage"], 0.0);
    let body = json!({"meeting_id": planned[0]["id"], "resolution": "Sam joins in May."});
    let resolved = resolve(&pair.b.admin, &item, body.clone()).await;
    assert_eq!(
        (&resolved["resolved_in_id"], &resolved["resolution"]),
        (&planned[0]["id"], &json!("Sam joins in May."))
    );
    let meeting = pair.a.admin.get(&address(&planned[0])).await.expect(200);
    assert_eq!(
        (&meeting["covered"], &meeting["coverage"]),
        (&json!(["team"]), &json!(0.1))
    );
    let again = pair
        .a
        .admin
        .post(&format!("{}/resolve", path(&item)), body)
        .await;
    assert_eq!(
        (again.problem(409), again.json()["state"].clone()),
        ("state-forbids".to_owned(), json!("resolved"))
    );
    let edited = pair
        .a
        .admin
        .patch(&path(&item), json!({"title": "Another"}))
        .await;
    assert_eq!(edited.problem(409), "state-forbids");
    assert_eq!(
        pair.a.admin.delete(&path(&item)).await.problem(409),
        "state-forbids"
    );
}

#[tokio::test]
async fn its_own_party_edits_parks_and_removes_an_item() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let planned = pair.planned().await;
    let body = json!({"title": "The seminar", "meeting_id": planned[0]["id"]});
    let item = pair.item(&pair.a, body).await;
    let parked = pair
        .a
        .admin
        .patch(&path(&item), json!({"parked": true}))
        .await
        .expect(200);
    assert_eq!(
        (&parked["parked"], &parked["meeting_id"]),
        (&json!(true), &Value::Null)
    );
    let both = json!({"parked": true, "meeting_id": planned[0]["id"]});
    let refused = pair.a.admin.patch(&path(&item), both).await;
    assert_eq!(
        refused.errors(),
        [("/meeting_id".to_owned(), "not_of_kind".to_owned())]
    );
    let back = json!({"parked": false, "meeting_id": planned[1]["id"], "topic": "team"});
    let back = pair.a.admin.patch(&path(&item), back).await.expect(200);
    assert_eq!(
        (&back["meeting_id"], &back["topic"]),
        (&planned[1]["id"], &json!("team"))
    );
    assert_eq!(
        pair.b
            .admin
            .patch(&path(&item), json!({"title": "Theirs"}))
            .await
            .status,
        403
    );
    assert_eq!(pair.b.admin.delete(&path(&item)).await.status, 403);
    assert_eq!(pair.a.admin.delete(&path(&item)).await.status, 204);
    assert_eq!(
        pair.b.admin.get(&path(&item)).await.problem(404),
        "not-found"
    );
    assert_eq!(
        feed(&quid, &pair.b, "agenda_item").await.last().unwrap().0,
        "deleted"
    );
}

#[tokio::test]
async fn an_item_stands_on_a_planned_meeting_of_its_own_partnership_alone() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let first = pair.planned().await.remove(0);
    let skip = format!("{}/skip", address(&first));
    pair.a
        .admin
        .post(&skip, json!({"reason": "A holiday."}))
        .await
        .expect(200);
    let other = quid.firm("Canyon Law").await;
    let other = quid.partner(&pair.a, &other).await;
    let planned = json!({"starts_at": "2026-03-05T20:00:00Z"});
    let path = format!("/v1/partnerships/{other}/meetings");
    let foreign = pair.a.admin.post(&path, planned).await.expect(201);
    for (meeting, code) in [(&first, "not_planned"), (&foreign, "unknown")] {
        let body = json!({"title": "The seminar", "meeting_id": meeting["id"]});
        let refused = pair.a.admin.post(&pair.at("agenda-items"), body).await;
        assert_eq!(
            refused.errors(),
            [("/meeting_id".to_owned(), code.to_owned())]
        );
    }
}

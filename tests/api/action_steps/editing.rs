//! What is written down of a step, changed by two people at once.

use serde_json::{Value, json};

use super::{at, post, write_down, wrong};
use crate::support;

fn title(text: &str) -> Value {
    json!({"title": text})
}

#[tokio::test]
async fn a_change_names_what_was_read_and_a_stale_one_is_told_the_present_tag() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = pair.step(&pair.a, "us", "2026-03-09").await;
    let actor = &pair.a.admin;
    let body = Some(title("Send both letters").to_string().into_bytes());
    let bare = actor.send(reqwest::Method::PATCH, &step, &[], body).await;
    assert_eq!(bare.problem(428), "precondition-required");
    let tag = actor.get(&step).await.header("etag").to_owned();
    let first = actor
        .patch_with(&step, &tag, title("Send both letters"))
        .await;
    let present = first.header("etag").to_owned();
    assert_ne!(present, tag);
    assert_eq!(first.expect(200)["version"], 2);
    let stale = actor.patch_with(&step, &tag, title("Send none")).await;
    assert_eq!(stale.problem(412), "precondition-failed");
    assert_eq!(stale.header("etag"), present);
    let seen = actor.get(&step).await;
    assert_eq!(seen.header("etag"), present);
    assert_eq!(seen.expect(200)["title"], "Send both letters");
    // A verb makes what was read stale as well.
    post(actor, &step, "begin", Value::Null).await;
    let stale = actor.patch_with(&step, &present, title("Send none")).await;
    assert_eq!(stale.problem(412), "precondition-failed");
    assert_eq!(stale.header("etag"), actor.get(&step).await.header("etag"));
    // The other party's representation has a tag of its own, which is none of ours.
    let theirs = pair.b.admin.get(&step).await.header("etag").to_owned();
    assert_eq!(
        actor
            .patch_with(&step, &theirs, title("Send none"))
            .await
            .status,
        412
    );
}

#[tokio::test]
async fn of_two_who_change_the_same_version_one_is_told() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = pair.step(&pair.a, "us", "2026-03-09").await;
    let tag = pair.a.admin.get(&step).await.header("etag").to_owned();
    let change = async |text: &str| pair.a.admin.patch_with(&step, &tag, title(text)).await;
    let (one, two) = tokio::join!(change("Send one"), change("Send two"));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let (won, lost) = if one.status == 200 {
        (one, two)
    } else {
        (two, one)
    };
    let present = won.header("etag").to_owned();
    assert_eq!(lost.header("etag"), present);
    assert_eq!(pair.a.admin.get(&step).await.header("etag"), present);
}

#[tokio::test]
async fn who_proposed_a_step_edits_it_until_it_is_answered_and_the_owner_as_long_as_it_is_open() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = pair.step(&pair.a, "them", "2026-03-09").await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    assert_eq!(
        a.patch(&step, title("By A")).await.expect(200)["state"],
        "proposed"
    );
    assert_eq!(
        b.patch(&step, title("By B")).await.expect(200)["promised_on"],
        Value::Null
    );
    post(b, &step, "accept", Value::Null).await;
    assert_eq!(
        a.patch(&step, title("By A")).await.problem(403),
        "forbidden"
    );
    b.patch(&step, title("By B again")).await.expect(200);
    let seen = a.get(&step).await.expect(200);
    assert_eq!(seen["title"], "By B again");
    post(b, &step, "complete", json!({})).await;
    let late = b.patch(&step, title("Too late")).await;
    assert_eq!(late.problem(409), "state-forbids");
    assert_eq!(late.json()["state"], "done");
    assert_eq!(late.json()["allowed"], json!(["reopen"]));
}

#[tokio::test]
async fn a_patch_leaves_what_is_absent_clears_what_is_null_and_counts_nothing_that_is_no_change() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let member = pair.a.admin.get("/v1/me").await.expect(200)["member"]["id"].clone();
    let whole = json!({"detail": "By post.", "owner_member_id": member});
    let step = at(&write_down(&pair, &pair.a, whole).await.expect(201));
    let actor = &pair.a.admin;
    let same = actor
        .patch(
            &step,
            json!({"title": "Send the letter", "detail": "By post."}),
        )
        .await;
    assert_eq!(same.expect(200)["version"], 1);
    assert_eq!(
        actor.patch(&step, json!({})).await.expect(200)["version"],
        1
    );
    let changed = actor
        .patch(&step, json!({"detail": null}))
        .await
        .expect(200);
    assert_eq!(
        (&changed["version"], &changed["detail"]),
        (&json!(2), &Value::Null)
    );
    assert_eq!(changed["owner_member_id"], member);
    let changed = actor
        .patch(&step, json!({"owner_member_id": null}))
        .await
        .expect(200);
    assert_eq!(changed["owner_member_id"], Value::Null);
    let theirs = pair.b.admin.get("/v1/me").await.expect(200)["member"]["id"].clone();
    let refused = actor.patch(&step, json!({"owner_member_id": theirs})).await;
    assert_eq!(refused.errors(), wrong(&[("/owner_member_id", "unknown")]));
    // What is moved by a verb of its own, or never, is no field of a patch.
    for field in [
        "due_on",
        "state",
        "kind",
        "owner",
        "promised_on",
        "introduction_id",
    ] {
        let refused = actor.patch(&step, json!({field: "2026-03-16"})).await;
        assert_eq!(
            refused.errors(),
            wrong(&[(&format!("/{field}"), "unknown")])
        );
    }
    for (value, code) in [
        (json!(null), "type"),
        (json!(""), "minLength"),
        (json!(" "), "pattern"),
    ] {
        let refused = actor.patch(&step, json!({"title": value})).await;
        assert!(
            refused
                .errors()
                .contains(&("/title".to_owned(), code.to_owned())),
            "{}",
            refused.text()
        );
    }
    assert_eq!(actor.get(&step).await.expect(200)["version"], 3);
}

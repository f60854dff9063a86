//! What each kind of step needs, and what goes with no other; what a step can refer to.

use serde_json::{Value, json};

use super::{at, write_down, wrong};
use crate::support;

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_conversation_says_whom_how_and_about_what_or_is_refused_by_field() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let offer = pair.offer("Mary Greene").await;
    let whole = json!({"kind": "client_conversation", "channel": "phone", "topic": "Her practice", "introduction_id": id(&offer)});
    let made = write_down(&pair, &pair.a, whole.clone()).await.expect(201);
    for (field, value) in whole.as_object().unwrap() {
        assert_eq!(&made[field], value);
    }
    let bare = write_down(&pair, &pair.a, json!({"kind": "client_conversation"})).await;
    assert_eq!(bare.problem(422), "invalid-fields");
    let needed = [
        ("/channel", "needed"),
        ("/introduction_id", "needed"),
        ("/topic", "needed"),
    ];
    assert_eq!(bare.errors(), wrong(&needed));
    for (field, _) in needed {
        let mut fields = whole.clone();
        fields[&field[1..]] = Value::Null;
        let refused = write_down(&pair, &pair.a, fields).await;
        assert_eq!(refused.errors(), wrong(&[(field, "needed")]));
    }
    let cases = [
        ("channel", json!("pigeon"), "enum"),
        ("topic", json!(" \n"), "pattern"),
        ("topic", json!(""), "minLength"),
        ("topic", json!("x".repeat(501)), "maxLength"),
    ];
    for (field, value, code) in cases {
        let mut fields = whole.clone();
        fields[field] = value;
        let refused = write_down(&pair, &pair.a, fields).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        let place = format!("/{field}");
        assert!(
            refused.errors().contains(&(place.clone(), code.to_owned())),
            "{place} {code}: {}",
            refused.text()
        );
    }
    let mut follows = whole.clone();
    follows["follows_id"] = made["id"].clone();
    let refused = write_down(&pair, &pair.a, follows).await;
    assert_eq!(refused.errors(), wrong(&[("/follows_id", "not_of_kind")]));
}

#[tokio::test]
async fn a_follow_up_follows_a_step_of_the_same_partnership_and_talks_to_nobody() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let far = quid.firm("Far Away Trust").await;
    let elsewhere = support::Pair {
        partnership: quid.partner(&pair.a, &far).await,
        a: pair.a.clone(),
        b: far,
    };
    let first = pair.step(&pair.b, "us", "2026-03-05").await;
    let other = elsewhere.step(&elsewhere.a, "us", "2026-03-05").await;
    let follow = |step: &str| json!({"kind": "follow_up", "follows_id": id(step)});
    // Of either party's steps.
    let made = write_down(&pair, &pair.a, follow(&first)).await.expect(201);
    assert_eq!(made["follows_id"], id(&first));
    let alone = write_down(&pair, &pair.a, json!({"kind": "follow_up"})).await;
    assert_eq!(alone.expect(201)["follows_id"], Value::Null);
    for stranger in [
        &other,
        "/v1/action-steps/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000",
    ] {
        let refused = write_down(&pair, &pair.a, follow(stranger)).await;
        assert_eq!(refused.problem(422), "invalid-fields");
        assert_eq!(refused.errors(), wrong(&[("/follows_id", "unknown")]));
    }
    let own = "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001";
    let itself = json!({"kind": "follow_up", "id": own, "follows_id": own});
    let refused = write_down(&pair, &pair.a, itself).await;
    assert_eq!(refused.errors(), wrong(&[("/follows_id", "self")]));
    let talks = json!({"kind": "follow_up", "channel": "video", "topic": "Her practice"});
    let refused = write_down(&pair, &pair.a, talks).await;
    assert_eq!(
        refused.errors(),
        wrong(&[("/channel", "not_of_kind"), ("/topic", "not_of_kind")])
    );
}

#[tokio::test]
async fn an_internal_step_bears_nothing_of_the_other_kinds_but_may_hang_on_an_introduction() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let offer = pair.offer("Mary Greene").await;
    let step = pair.step(&pair.a, "us", "2026-03-05").await;
    let made = write_down(
        &pair,
        &pair.a,
        json!({"introduction_id": id(&offer), "section": "core_story"}),
    )
    .await
    .expect(201);
    assert_eq!(made["introduction_id"], id(&offer));
    assert_eq!(made["section"], "core_story");
    let all = json!({"channel": "phone", "topic": "Her practice", "follows_id": id(&step)});
    let refused = write_down(&pair, &pair.a, all).await;
    assert_eq!(
        refused.errors(),
        wrong(&[
            ("/channel", "not_of_kind"),
            ("/follows_id", "not_of_kind"),
            ("/topic", "not_of_kind")
        ])
    );
    let unknown = write_down(&pair, &pair.a, json!({"kind": "lunch"})).await;
    assert_eq!(unknown.problem(422), "invalid-fields");
    assert!(
        unknown
            .errors()
            .iter()
            .any(|(pointer, _)| pointer == "/kind")
    );
}

#[tokio::test]
async fn a_step_names_a_member_of_its_owner_and_of_nobody_else() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let member = pair.b.admin.get("/v1/me").await.expect(200)["member"]["id"].clone();
    let laid = json!({"owner": "them", "owner_member_id": member});
    let made = write_down(&pair, &pair.a, laid).await.expect(201);
    assert_eq!(made["owner_member_id"], member);
    let seen = pair.b.admin.get(&at(&made)).await.expect(200);
    assert_eq!(
        (&seen["owner"], &seen["owner_member_id"]),
        (&json!("us"), &member)
    );
    let own = write_down(&pair, &pair.a, json!({"owner_member_id": member})).await;
    assert_eq!(own.errors(), wrong(&[("/owner_member_id", "unknown")]));
    // Everything that is wrong is named at once.
    let all = json!({"kind": "client_conversation", "owner_member_id": member, "introduction_id": member, "channel": "phone"});
    let refused = write_down(&pair, &pair.a, all).await;
    assert_eq!(
        refused.errors(),
        wrong(&[
            ("/introduction_id", "unknown"),
            ("/owner_member_id", "unknown"),
            ("/topic", "needed")
        ])
    );
}

#[tokio::test]
async fn nobody_is_asked_to_speak_to_a_client_whom_it_can_not_see() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let draft = pair.draft("Mary Greene").await;
    let laid = json!({"owner": "them", "kind": "client_conversation", "channel": "phone", "topic": "Her practice", "introduction_id": id(&draft)});
    let early = write_down(&pair, &pair.a, laid.clone()).await;
    assert_eq!(early.problem(422), "invalid-fields");
    assert_eq!(early.errors(), wrong(&[("/introduction_id", "draft")]));
    // To B, who does not see it, there is no such introduction, whoever is to own the step.
    let probing = write_down(&pair, &pair.b, laid.clone()).await;
    assert_eq!(probing.errors(), wrong(&[("/introduction_id", "unknown")]));
    pair.a
        .admin
        .post(&format!("{draft}/offer"), Value::Null)
        .await
        .expect(200);
    let made = write_down(&pair, &pair.a, laid).await.expect(201);
    let seen = pair.b.admin.get(&at(&made)).await.expect(200);
    assert_eq!(seen["introduction_id"], id(&draft));
}

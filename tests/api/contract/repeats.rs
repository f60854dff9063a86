//! `Idempotency-Key`: a request that is sent again is not carried out again.

use super::nothing;
use super::world::{Request, World};
use crate::support::{Actor, Answer};

/// Every operation that takes a key: two requests on different things, and who sends them.
async fn repeatable(world: &World) -> Vec<(Request, Request, Actor)> {
    let mut all = Vec::new();
    for operation in world.documented.operations() {
        if operation
            .parameter_names(&world.documented.document, "header")
            .iter()
            .any(|name| name == "Idempotency-Key")
        {
            let (one, other) = (
                world.request(&operation.id, "").await,
                world.request(&operation.id, "").await,
            );
            all.push((one, other, world.admin_for(&operation.id, "").clone()));
        }
    }
    assert!(all.len() > 10);
    all
}

fn told(answer: &Answer) -> String {
    format!(
        "{} replayed {:?} {}",
        answer.status,
        answer.header("idempotency-replayed"),
        answer.text()
    )
}

#[tokio::test]
async fn the_same_key_gives_the_first_status_and_resource_and_another_request_none() {
    let world = World::new().await;
    let mut found = Vec::new();
    for (place, (one, other, actor)) in repeatable(&world).await.into_iter().enumerate() {
        let id = &one.operation.id;
        let key = format!("key-{place}");
        let key = [("idempotency-key", key.as_str())];
        let refused = other
            .send_with(&actor, &[("idempotency-key", "with blanks")])
            .await;
        if refused.status != 400 {
            found.push(format!("{id} with an impossible key: {}", told(&refused)));
        }
        let first = one.send_with(&actor, &key).await;
        let second = one.send_with(&actor, &key).await;
        let same = first.status == second.status
            && first.json()["id"] == second.json()["id"]
            && first.bytes == second.bytes;
        if !first.status.is_success() || !same {
            found.push(format!(
                "{id}: first {} then {}",
                told(&first),
                told(&second)
            ));
        }
        if !first.header("idempotency-replayed").is_empty()
            || second.header("idempotency-replayed") != "true"
        {
            found.push(format!(
                "{id}: Idempotency-Replayed: first {} then {}",
                told(&first),
                told(&second)
            ));
        }
        for name in ["etag", "location"] {
            if first.header(name) != second.header(name) {
                found.push(format!(
                    "{id}: {name} {} then {}",
                    first.header(name),
                    second.header(name)
                ));
            }
        }
        let foreign = other.send_with(&actor, &key).await;
        if foreign.status != 422 || foreign.json()["type"] != "/problems/idempotency-key-reused" {
            found.push(format!(
                "{id} with the key of another request: {}",
                told(&foreign)
            ));
        }
        let complaints = [&first, &second, &foreign]
            .map(|answer| world.documented.complaints(&one.operation, answer));
        found.extend(
            complaints
                .into_iter()
                .flatten()
                .map(|one| format!("{id}: {one}")),
        );
        // The refused one was not carried out, and another key is another request.
        let own = other
            .send_with(&actor, &[("idempotency-key", &format!("other-{place}"))])
            .await;
        if !own.status.is_success() {
            found.push(format!("{id} with a key of its own: {}", told(&own)));
        }
    }
    nothing(&found, "one key, one request");
}

#[tokio::test]
async fn what_was_refused_may_be_sent_again_with_the_same_key() {
    let world = World::new().await;
    let key = [("idempotency-key", "after-a-refusal")];
    let request = world.request("create_client", "").await;
    let wrong = request.with("email", serde_json::json!("no address"));
    wrong.send_with(&world.pair.a.admin, &key).await.expect(422);
    let answer = request.send_with(&world.pair.a.admin, &key).await;
    assert_eq!(answer.header("idempotency-replayed"), "");
    answer.expect(201);
    // Another principal's key is another key.
    let other = world.request("create_client", "").await;
    other
        .send_with(&world.stranger.admin, &key)
        .await
        .expect(201);
}

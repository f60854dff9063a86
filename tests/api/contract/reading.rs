//! Entity tags: every read has one, a reader who has the same gets 304, and a change is made to what
//! was read.

use std::collections::BTreeMap;

use super::document::NOT_REPEATABLE;
use super::documented::Operation;
use super::nothing;
use super::world::{Request, World};
use crate::support::{Actor, Answer};

/// Every read that answers JSON: a request, and who sends it.
async fn reads(world: &World) -> Vec<(Request, Actor)> {
    let mut all = Vec::new();
    for operation in world.documented.operations() {
        if operation.method == "GET" && operation.answers_json() {
            let request = world.request(&operation.id, "").await;
            all.push((request, world.admin_for(&operation.id, "").clone()));
        }
    }
    assert!(all.len() > 10);
    all
}

fn is_strong(tag: &str) -> bool {
    tag.len() > 4
        && tag.starts_with('"')
        && tag.ends_with('"')
        && !tag[1..tag.len() - 1].contains('"')
}

struct Check {
    found: Vec<String>,
}

impl Check {
    fn holds(&mut self, holds: bool, operation: &Operation, what: &str, answer: &Answer) {
        if !holds {
            let headers: BTreeMap<_, _> = ["etag", "cache-control", "vary", "content-encoding"]
                .map(|name| (name, answer.header(name)))
                .into();
            self.found.push(format!(
                "{} {}: {what}: {} {headers:?}",
                operation.method, operation.path, answer.status
            ));
        }
    }

    /// What was read with these headers is known when it is asked for again in the same way.
    async fn known(&mut self, request: &Request, actor: &Actor, encoding: &str) {
        let operation = &request.operation;
        let accepts = ("accept-encoding", encoding);
        let read = request.send_with(actor, &[accepts]).await;
        let tag = read.header("etag").to_owned();
        self.holds(read.status == 200, operation, "expected 200", &read);
        self.holds(is_strong(&tag), operation, "expected a strong ETag", &read);
        if !is_strong(&tag) {
            return;
        }
        let encoded = read.header("content-encoding").to_owned();
        let suffixed = encoded.is_empty() || tag.ends_with(&format!("-{encoded}\""));
        self.holds(
            suffixed,
            operation,
            "the tag of an encoded answer has a suffix",
            &read,
        );
        self.holds(
            encoding == "identity" || encoded == encoding,
            operation,
            "expected the encoding asked for",
            &read,
        );
        let varies = encoded.is_empty()
            || read
                .header("vary")
                .to_lowercase()
                .contains("accept-encoding");
        self.holds(
            varies,
            operation,
            "an encoded answer varies by Accept-Encoding",
            &read,
        );

        let lists = [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"other\", {tag}"),
            "*".to_owned(),
        ];
        for list in &lists {
            let again = request
                .send_with(actor, &[accepts, ("if-none-match", list)])
                .await;
            let is_known = again.status == 304 && again.bytes.is_empty();
            let what = format!("with If-None-Match: {list} and {encoding}: expected 304");
            self.holds(is_known, operation, &what, &again);
        }
        let again = request
            .send_with(actor, &[accepts, ("if-none-match", &tag)])
            .await;
        // RFC 9110, 15.4.5: the same field as the 200 had, so that it names what the reader keeps.
        let what = format!("304 for {encoding}: expected the tag of the 200, {tag}");
        self.holds(again.header("etag") == tag, operation, &what, &again);
        let other = request
            .send_with(actor, &[accepts, ("if-none-match", "\"other\"")])
            .await;
        self.holds(
            other.status == 200,
            operation,
            "with another tag: expected 200",
            &other,
        );
    }
}

#[tokio::test]
async fn every_read_has_an_entity_tag_and_whoever_has_it_gets_304() {
    let world = World::new().await;
    let mut check = Check { found: Vec::new() };
    for (request, actor) in reads(&world).await {
        // Figures and health are never the same twice; these are read again and again.
        for encoding in ["identity", "gzip", "br", "zstd"] {
            check.known(&request, &actor, encoding).await;
        }
    }
    nothing(
        &check.found,
        "a strong ETag on every read, and 304 to whoever has it",
    );
}

#[tokio::test]
async fn what_is_private_is_not_kept_by_others() {
    let world = World::new().await;
    let mut check = Check { found: Vec::new() };
    for (request, actor) in reads(&world).await {
        let read = request.send(&actor).await;
        if request.operation.is_secured() {
            let told = read.header("cache-control") == "private, no-cache";
            check.holds(
                told,
                &request.operation,
                "expected Cache-Control: private, no-cache",
                &read,
            );
        }
        let sniffed = read.header("x-content-type-options") == "nosniff";
        check.holds(
            sniffed,
            &request.operation,
            "expected X-Content-Type-Options: nosniff",
            &read,
        );
    }
    for operation in [
        "sign_in",
        "issue_token",
        "create_api_client",
        "use_password_reset",
        "enrol_second_factor",
        "confirm_second_factor",
        "renew_recovery_codes",
    ] {
        let request = world.request(operation, "").await;
        let actor = if request.operation.is_secured() {
            world.admin_for(operation, "").clone()
        } else {
            world.quid.nobody()
        };
        let answer = request.send(&actor).await;
        check.holds(
            answer.header("cache-control") == "no-store",
            &request.operation,
            "expected Cache-Control: no-store",
            &answer,
        );
    }
    nothing(
        &check.found,
        "what is private is read again, what is secret is not kept",
    );
}

#[tokio::test]
async fn a_change_names_what_was_read_in_whichever_encoding() {
    let world = World::new().await;
    let mut check = Check { found: Vec::new() };
    for operation in world.documented.operations() {
        if !operation.is_guarded() {
            continue;
        }
        let actor = world.admin_for(&operation.id, "");
        let request = world.request(&operation.id, "").await;
        let present = actor.get(&request.path).await.header("etag").to_owned();
        let bare = Request {
            headers: Vec::new(),
            ..request.clone()
        };
        let without = bare.send(actor).await;
        check.holds(
            without.status == 428,
            &operation,
            "without If-Match: expected 428",
            &without,
        );
        for stale in [
            "\"stale\"",
            &format!("W/{present}"),
            &format!("\"stale\", W/{present}"),
            present.trim_matches('"'),
            "",
        ] {
            let answer = bare.send_with(actor, &[("if-match", stale)]).await;
            let what =
                format!("with If-Match: {stale}: expected 412 and the present tag {present}");
            check.holds(
                answer.status == 412 && answer.header("etag") == present,
                &operation,
                &what,
                &answer,
            );
            let complaints = world.documented.complaints(&operation, &answer);
            check.found.extend(
                complaints
                    .into_iter()
                    .map(|one| format!("{}: {one}", operation.id)),
            );
        }
        for encoding in ["gzip", "br", "zstd"] {
            let request = world.request(&operation.id, "").await;
            let read = actor
                .get_with(&request.path, &[("accept-encoding", encoding)])
                .await;
            let tag = read.header("etag").to_owned();
            let answer = request.send_with(actor, &[("if-match", &tag)]).await;
            check.holds(
                answer.status == 200,
                &operation,
                &format!("with If-Match: {tag}: expected 200"),
                &answer,
            );
            check.holds(
                answer.header("etag") != present,
                &operation,
                "a change changes the tag",
                &answer,
            );
            let after = actor.get(&request.path).await;
            check.holds(
                after.header("etag") == answer.header("etag"),
                &operation,
                "the tag of a change is that of the next read",
                &after,
            );
            check.holds(
                after.bytes == answer.bytes,
                &operation,
                "the answer of a change is what is read next",
                &after,
            );
        }
        let request = world.request(&operation.id, "").await;
        let answer = request.send_with(actor, &[("if-match", "*")]).await;
        check.holds(
            answer.status == 200,
            &operation,
            "with If-Match: *: expected 200",
            &answer,
        );
        // The first change makes the second one stale.
        let second = request.send(actor).await;
        check.holds(
            second.status == 412 && second.header("etag") == answer.header("etag"),
            &operation,
            "a second change: expected 412",
            &second,
        );
    }
    nothing(&check.found, "If-Match names what was read");
}

#[tokio::test]
async fn what_was_made_is_where_location_says_as_the_answer_had_it() {
    let world = World::new().await;
    let mut check = Check { found: Vec::new() };
    for operation in world.documented.operations() {
        let made = matches!(operation.method.as_str(), "POST" | "PUT") && operation.is_secured();
        if !made
            || operation.value["responses"].get("201").is_none()
            || NOT_REPEATABLE.contains(&operation.id.as_str())
        {
            continue;
        }
        let actor = world.admin_for(&operation.id, "");
        let answer = world.request(&operation.id, "").await.send(actor).await;
        check.holds(answer.status == 201, &operation, "expected 201", &answer);
        let place = answer.header("location").to_owned();
        let read = actor.get(&place).await;
        check.holds(
            read.status == 200,
            &operation,
            &format!("expected 200 at its Location {place}"),
            &read,
        );
        check.holds(
            read.bytes == answer.bytes,
            &operation,
            &format!("expected the same at its Location {place}"),
            &read,
        );
        check.holds(
            read.header("etag") == answer.header("etag"),
            &operation,
            "expected the same tag at its Location",
            &read,
        );
    }
    nothing(&check.found, "Location leads to what was made");
}

//! HEAD: every read answers it as it answers GET, without the content (RFC 9110, 9.3.2).

use std::collections::BTreeMap;

use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::nothing;
use super::world::{Request, World, place};
use crate::support::{Actor, Answer};

/// What differs from one request to the next, whichever method it has.
const OWN: [&str; 4] = ["x-request-id", "date", "ratelimit", "traceparent"];

/// An address of the right form at which there is nothing.
const NOBODYS: &str = "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000";

fn headers(answer: &Answer) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, value) in &answer.headers {
        if !OWN.contains(&name.as_str()) {
            let value = value.to_str().unwrap().to_owned();
            all.entry(name.to_string()).or_default().push(value);
        }
    }
    all
}

/// Asks by GET and by HEAD, and gives what differs; `None` when nothing does.
async fn difference(
    path: &str,
    actor: &Actor,
    more: &[(&str, &str)],
    expected: &[u16],
) -> Option<String> {
    let got = actor.send(Method::GET, path, more, None).await;
    let asked = actor.send(Method::HEAD, path, more, None).await;
    let what = format!("{path} with {more:?}");
    if !expected.contains(&got.status.as_u16()) {
        return Some(format!(
            "{what}: GET answers {}, {expected:?} was expected",
            got.status
        ));
    }
    let length = got.bytes.len().to_string();
    let is_whole = got.header("content-encoding").is_empty() && got.status != 304;
    if asked.status != got.status || headers(&asked) != headers(&got) {
        Some(format!(
            "{what}: GET {} {:?}, HEAD {} {:?}",
            got.status,
            headers(&got),
            asked.status,
            headers(&asked)
        ))
    } else if !asked.bytes.is_empty() {
        Some(format!("{what}: HEAD has the content {}", asked.text()))
    } else if is_whole && asked.header("content-length") != length {
        let told = asked.header("content-length");
        Some(format!(
            "{what}: HEAD tells {told:?} bytes, GET has {length}"
        ))
    } else {
        None
    }
}

/// A request of every GET operation.
async fn reads(world: &World) -> Vec<Request> {
    let mut all = Vec::new();
    for operation in world.documented.operations() {
        if operation.method == "GET" {
            all.push(world.request(&operation.id, "").await);
        }
    }
    assert!(all.len() > 20);
    all
}

#[tokio::test]
async fn every_read_answers_head_as_get_with_its_headers_and_without_its_content() {
    let world = World::new().await;
    let mut found = Vec::new();
    for request in reads(&world).await {
        let actor = world.admin_for(&request.operation.id, "");
        for encoding in ["identity", "gzip", "br", "zstd"] {
            let accepts = ("accept-encoding", encoding);
            found.extend(difference(&request.path, actor, &[accepts], &[200]).await);
            let read = request.send_with(actor, &[accepts]).await;
            let tag = read.header("etag").to_owned();
            if !tag.is_empty() {
                for (known, status) in [(tag.as_str(), 304), ("*", 304), ("\"other\"", 200)] {
                    let more = [accepts, ("if-none-match", known)];
                    found.extend(difference(&request.path, actor, &more, &[status]).await);
                }
            }
        }
    }
    for path in ["/openapi.json", "/docs", "/docs/", "/docs/swagger-ui.css"] {
        let expected = [200, 308];
        found.extend(difference(path, &world.quid.nobody(), &[], &expected).await);
    }
    nothing(&found, "HEAD is GET without the content");
}

#[tokio::test]
async fn whoever_may_not_read_is_told_so_by_head_as_by_get() {
    let world = World::new().await;
    let machine = world
        .quid
        .api_client(&world.pair.a, &["webhooks:read"])
        .await;
    let mut found = Vec::new();
    for request in reads(&world).await {
        let (operation, path) = (&request.operation, &request.path);
        if operation.is_secured() {
            found.extend(difference(path, &world.quid.nobody(), &[], &[401]).await);
            let bad = world.quid.nobody().with_token("no token");
            found.extend(difference(path, &bad, &[], &[401]).await);
            found.extend(difference(path, &machine, &[], &[403]).await);
        }
        let actor = world.admin_for(&operation.id, "");
        if operation.path.contains('{') {
            let nowhere = place(
                &operation.path,
                &vec![NOBODYS.to_owned(); request.ids.len()],
            );
            found.extend(difference(&nowhere, actor, &[], &[404]).await);
            if operation.is_secured() {
                // Not there, or not yours.
                let expected = if request.ids.is_empty() { 200 } else { 404 };
                let stranger = &world.stranger.admin;
                found.extend(difference(path, stranger, &[], &[expected]).await);
            }
        }
        if operation.path.starts_with("/v1/") && operation.is_secured() {
            let odd = format!("{path}?no_such_parameter=1");
            found.extend(difference(&odd, actor, &[], &[400]).await);
        }
    }
    found.extend(difference("/v1/no-such-thing", &world.pair.a.admin, &[], &[404]).await);
    nothing(&found, "HEAD is refused as GET is");
}

#[tokio::test]
async fn an_address_that_is_not_read_has_no_head_either() {
    let world = World::new().await;
    let operations = world.documented.operations();
    let mut found = Vec::new();
    for operation in &operations {
        let at: Vec<_> = operations
            .iter()
            .filter(|one| one.path == operation.path)
            .collect();
        if at.iter().any(|one| one.method == "GET") {
            continue;
        }
        let ids = vec![NOBODYS.to_owned(); operation.path.matches('{').count()];
        let path = place(&operation.path, &ids);
        for actor in [&world.quid.nobody(), &world.pair.a.admin] {
            found.extend(difference(&path, actor, &[], &[405]).await);
            let answer = actor.send(Method::HEAD, &path, &[], None).await;
            let allow = answer.header("allow");
            if allow.contains("HEAD") || !allow.contains(operation.method.as_str()) {
                found.push(format!("{path}: Allow: {allow}"));
            }
        }
    }
    nothing(&found, "HEAD is there where GET is, and nowhere else");
}

/// The answers to requests on one connection, one after the other, as bytes.
async fn conversation(url: &str, requests: &[String]) -> String {
    let address = url.trim_start_matches("http://");
    let mut socket = TcpStream::connect(address).await.unwrap();
    let mut all = Vec::new();
    for request in requests {
        socket.write_all(request.as_bytes()).await.unwrap();
        // Each answer in full before the next request: up to the end of its head, then its content.
        let begun = all.len();
        let end = loop {
            let mut piece = [0; 4096];
            let read = socket.read(&mut piece).await.unwrap();
            assert!(read > 0, "it was closed: {}", String::from_utf8_lossy(&all));
            all.extend_from_slice(&piece[..read]);
            let head = all[begun..].windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(head) = head {
                break begun + head + 4;
            }
        };
        let head = String::from_utf8_lossy(&all[begun..end]).to_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().unwrap());
        let content = if request.starts_with("HEAD") {
            0_usize
        } else {
            length
        };
        while all.len() < end + content {
            let mut piece = [0; 4096];
            let read = socket.read(&mut piece).await.unwrap();
            assert!(read > 0);
            all.extend_from_slice(&piece[..read]);
        }
    }
    // What is left over would be taken for the next answer.
    let close = "GET /healthz HTTP/1.1\r\nHost: quid\r\nConnection: close\r\n\r\n";
    socket.write_all(close.as_bytes()).await.unwrap();
    socket.read_to_end(&mut all).await.unwrap();
    String::from_utf8_lossy(&all).into_owned()
}

#[tokio::test]
async fn a_connection_goes_on_after_a_head_and_nothing_stands_between_the_answers() {
    let quid = crate::support::start().await;
    let ask = |method: &str, path: &str| format!("{method} {path} HTTP/1.1\r\nHost: quid\r\n\r\n");
    let requests = [
        ask("HEAD", "/healthz"),
        ask("GET", "/healthz"),
        ask("HEAD", "/openapi.json"),
        ask("HEAD", "/v1/me"),
        ask("GET", "/healthz"),
    ];
    let all = conversation(&quid.url, &requests).await;
    let answers: Vec<_> = all.split("HTTP/1.1 ").skip(1).collect();
    let statuses: Vec<_> = answers.iter().map(|answer| &answer[..3]).collect();
    assert_eq!(
        statuses,
        ["200", "200", "200", "401", "200", "200"],
        "{all}"
    );
    let ends: Vec<_> = answers
        .iter()
        .map(|answer| answer.split_once("\r\n\r\n").unwrap().1)
        .collect();
    assert_eq!(ends, ["", "ok\n", "", "", "ok\n", "ok\n"]);
}

#[tokio::test]
async fn a_page_of_another_origin_may_ask_by_head() {
    let db = std::sync::Arc::new(crate::support::database().await);
    let quid = crate::support::start_on(db, &["--cors-origins=https://app.example"]).await;
    let asks = [
        ("origin", "https://app.example"),
        ("access-control-request-method", "HEAD"),
        ("access-control-request-headers", "authorization"),
    ];
    let nobody = quid.nobody();
    let told = nobody.send(Method::OPTIONS, "/v1/me", &asks, None).await;
    assert_eq!(told.status, 200, "{}", told.text());
    assert!(told.header("access-control-allow-methods").contains("HEAD"));
}
